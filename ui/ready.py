"""`GET /readyz`: can this server answer questions now? For whoever sends it visitors: a proxy, a supervisor.

`/_stcore/health` only says that the server runs. This looks a text up with the model in the index, as a question would.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ui.warm import WARM, Warm
from whosaid.errors import WhoSaidError

_QUESTION = "Who says what?"
_LOADING = "the language model is loading: ask again in some seconds"


def routes() -> list[Route]:
    """Return what the server answers besides the pages."""
    return [Route("/readyz", _readyz, methods=["GET"])]


async def _readyz(_: Request) -> JSONResponse:
    status, body = await run_in_threadpool(report, WARM)
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


def report(warm: Warm) -> tuple[int, dict[str, object]]:
    """Return 200 and what can be asked about, or 503 and the reason with its remedy."""
    if not warm.ready:
        warm.start()  # nobody came yet
        return 503, {"ready": False, "reason": _LOADING}
    try:
        assistant = warm.assistant
        assistant.dangers([_QUESTION])  # embeds, searches and ranks, and asks no chat model
    except WhoSaidError as error:
        return 503, {"ready": False, "reason": str(error)}
    except Exception as error:  # its text may hold anything
        reason = f"a search failed ({type(error).__name__}): run `python -m ingest` and restart the server"
        return 503, {"ready": False, "reason": reason}
    library = assistant.library
    return 200, {"ready": True, "articles": len(library.articles), "statements": len(library.statements)}
