"""WhoSaid in the browser: both the server's entry (imported) and the page's script (executed)."""

import streamlit as st

if __name__ == "__main__":  # executed for each visit and each click
    from ui import ask, check, feedback, statements
    from ui.drawing import one_page_at_a_time

    pages = [
        st.Page(ask.page, title="Ask", default=True),
        st.Page(check.page, title="Check a quote", url_path="check"),
        st.Page(statements.page, title="Statements", url_path="statements"),
    ]
    st.session_state.pages = pages  # for the links at the top of each
    if feedback.has_operator():  # who knows its address, and is asked for the key
        pages = [*pages, st.Page(feedback.page, title="Feedback", url_path="feedback")]
    with one_page_at_a_time():
        st.navigation(pages, position="hidden").run()
else:  # imported once, by `streamlit run app.py` or an ASGI server
    from ui.ready import routes
    from ui.serve import lifespan, middleware, on_script_error

    app = st.App(__file__, routes=routes(), middleware=middleware(), lifespan=lifespan, on_script_error=on_script_error)
