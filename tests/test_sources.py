"""What is in no source of ours: code made from data; and what is in no error and no log: a key."""

import ast
from pathlib import Path

import pytest

from tests import openai_server
from tests.openai_server import fails, says
from tests.test_imports import SOURCES, imported
from whosaid.errors import SettingsError
from whosaid.model import ChatModelError, load_model
from whosaid.settings import ROOT, Settings, load_settings

# Each makes code, or objects of any kind, from what it is given
BARRED = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "code", "codeop", "runpy", "yaml"}
CALLED = {"eval", "exec", "compile", "__import__", "breakpoint"}
ATTRIBUTES = {"os.system", "os.popen", "torch.load", "np.fromfile", "numpy.load", "jsonpickle.decode"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_makes_code_from_data(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imported(path)} & BARRED
    for call in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)):
        name, options = ast.unparse(call.func), {o.arg: ast.unparse(o.value) for o in call.keywords}
        assert name not in CALLED | ATTRIBUTES, f"line {call.lineno}: {name}"
        assert name != "np.load" or options.get("allow_pickle") == "False", f"line {call.lineno}: {name}"
        assert "shell" not in options, f"line {call.lineno}: a shell"
        assert options.get("trust_remote_code", "False") == "False", f"line {call.lineno}: code of a model's"


PAGES = set("article ask check conversation explained feedback handout reading shell statements vote".split())


def test_only_the_pages_make_html() -> None:
    makes = [p for p in SOURCES if "st.html(" in (text := p.read_text(encoding="utf-8")) or "unsafe_allow" in text]
    assert {str(p.relative_to(ROOT)) for p in makes} <= {f"ui/{name}.py" for name in PAGES}
    assert not any("unsafe_allow_html" in p.read_text(encoding="utf-8") for p in SOURCES)


SECRET = "sk-4711-a-secret-key"


def test_a_key_is_in_no_representation_of_the_settings(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"WHOSAID_MODEL_KEY={SECRET}\nWHOSAID_MODEL_URL=https://me:{SECRET}@example.org/v1\n")
    settings = load_settings({}, dotenv)
    assert settings.model_key == SECRET
    assert SECRET not in repr(settings) + str(settings) + f"{settings}"


@pytest.mark.parametrize("name", ["WHOSAID_MODEL_KEYS", "WHOSAID_KEY"])
def test_an_unknown_setting_is_named_without_its_value(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({name: SECRET}, tmp_path / "none")
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SOME_TOKEN"])
@pytest.mark.parametrize("model", [f"openai:x\n{SECRET}", f"nobody:{SECRET}", SECRET])
def test_an_error_about_a_model_holds_no_providers_key(
    model: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, SECRET)
    try:
        load_model(Settings(model=f"openai:{model}" if ":" not in model else model, model_url=f"bad://{SECRET}"))
    except SettingsError as error:
        assert SECRET not in str(error).replace(f"WHOSAID_MODEL={model}", "")
        assert error.__cause__ is None


def test_a_key_is_in_no_error_and_no_log_whatever_the_provider_says(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    with openai_server.running() as script:
        for reply in (fails(401), fails(429), fails(500), says(f"your key is {SECRET}")):
            script(reply)
            model = load_model(Settings(model="openai:x", model_url=script.url, model_key=SECRET))
            assert model is not None
            with pytest.raises(ChatModelError) as raised:
                model.reply("", "x", {"title": "word", "type": "object", "properties": {}, "required": ["word"]})
            assert SECRET not in str(raised.value)
            assert SECRET not in repr(model)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
