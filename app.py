"""WhoSaid in the browser: both the server's entry (imported) and the page's script (executed)."""

import streamlit as st

if __name__ == "__main__":  # executed for each visit and each click
    from ui.ask import page

    page()
else:  # imported once, by `streamlit run app.py` or an ASGI server
    from ui.serve import lifespan, middleware, on_script_error

    app = st.App(__file__, middleware=middleware(), lifespan=lifespan, on_script_error=on_script_error)
