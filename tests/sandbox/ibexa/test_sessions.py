"""Sessions: a cookie instead of a token, and the check against cross-site requests that comes with it."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import ROOT, Api, error_text, vendor

Json = Any
SESSIONS = "/user/sessions"
SECTION = {"SectionInput": {"identifier": "sess", "name": "Sess"}}
NAME = "eZSESSID98defd6ee70dfb1dea416cecdf391f58"  # as seen, for the siteaccess "site"
NO_TOKEN = {"Authorization": ""}


def log_in(api: Api, login: str = "admin", password: str = "publish", **headers: str) -> Any:
    body = {"SessionInput": {"login": login, "password": password}}
    answer = api.send("POST", SESSIONS, body, "SessionInput", **NO_TOKEN, **headers)
    api.session.cookies.clear()
    return answer


def started(api: Api) -> tuple[str, dict[str, str], str]:
    """The path of a new session, its cookie, and the token for X-CSRF-Token."""
    made = log_in(api).json()["Session"]
    path = str(made["_href"]).removeprefix(ROOT)
    return path, {"Cookie": f"{made['name']}={made['identifier']}", **NO_TOKEN}, str(made["csrfToken"])


def test_a_login_gives_a_cookie_and_a_token_against_forgery(api: Api) -> None:
    answer = log_in(api)
    made = answer.json()["Session"]
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, vendor("Session"))
    assert list(made) == ["_media-type", "_href", "name", "identifier", "csrfToken", "User"]
    assert (made["name"], made["_href"]) == (NAME, f"{ROOT}/user/sessions/{made['identifier']}")
    assert made["User"]["_href"] == f"{ROOT}/user/users/14"
    assert answer.headers["Set-Cookie"] == f"{NAME}={made['identifier']}; path=/; httponly; samesite=lax"


def test_wrong_logins(api: Api, sandbox: IbexaSandbox) -> None:
    refused = log_in(api, password="nope")
    assert refused.status_code == 401
    assert error_text(refused) == (
        "The User does not have the '/api/ibexa/v2/user/sessions' 'Invalid login or password' permission"
    )
    half = api.send("POST", SESSIONS, {"SessionInput": {"login": "admin"}}, "SessionInput", **NO_TOKEN)
    assert (half.status_code, error_text(half)) == (400, "Missing 'password' attribute for SessionInput.")
    assert sandbox.book.snapshot()["refused_logins"] == 2


def test_reading_needs_the_cookie_and_writing_the_token_too(api: Api) -> None:
    _, cookie, token = started(api)
    assert len(api.send("GET", "/content/sections", **cookie).json()["SectionList"]["Section"]) == 3
    for wrong in ("", "nonsense"):
        refused = api.send("POST", "/content/sections", SECTION, "SectionInput", **cookie, X_CSRF_Token=wrong)
        assert refused.status_code == 401
        assert error_text(refused) == (
            "The User does not have the 'POST /api/ibexa/v2/content/sections' 'Missing or invalid CSRF token' permission"
        )
    made = api.send("POST", "/content/sections", SECTION, "SectionInput", **cookie, X_CSRF_Token=token)
    assert made.status_code == 201


def test_a_stray_cookie_brings_the_check_back_for_a_bearer_of_a_token(api: Api) -> None:
    _, cookie, token = started(api)
    both = {**cookie, "Authorization": f"Bearer {api.token}"}
    assert api.send("POST", "/content/sections", SECTION, "SectionInput", **both).status_code == 401
    assert api.send("POST", "/content/sections", SECTION, "SectionInput", **both, X_CSRF_Token=token).status_code == 201
    assert api.send("POST", "/content/sections", SECTION, "SectionInput").status_code == 403  # a duplicate by now


def test_the_current_session_is_told_and_refreshed(api: Api) -> None:
    path, cookie, token = started(api)
    current = api.send("GET", SESSIONS + "/current", **cookie)
    assert (current.status_code, current.json()["Session"]["csrfToken"]) == (200, token)
    assert api.send("POST", path + "/refresh", **cookie).status_code == 401
    refreshed = api.send("POST", path + "/refresh", **cookie, X_CSRF_Token=token)
    assert (refreshed.status_code, refreshed.json()["Session"]["identifier"]) == (200, path.rpartition("/")[2])


def test_without_a_session_there_is_none(api: Api) -> None:
    for method, path in (
        ("GET", SESSIONS + "/current"), ("DELETE", SESSIONS + "/nosuch"), ("POST", SESSIONS + "/nosuch/refresh"),
    ):  # fmt: skip
        answer = api.send(method, path, **NO_TOKEN)
        assert (answer.status_code, answer.text) == (404, "")
        assert f"{NAME}=deleted" in answer.headers["Set-Cookie"]
        api.session.cookies.clear()


def test_logging_in_again_keeps_the_session_of_the_same_user_only(api: Api) -> None:
    path, cookie, _ = started(api)
    again = log_in(api, Cookie=cookie["Cookie"])
    assert (again.status_code, again.json()["Session"]["_href"]) == (200, ROOT + path)
    assert "Set-Cookie" not in again.headers
    name = [{"fieldDefinitionIdentifier": each, "fieldValue": "x"} for each in ("first_name", "last_name")]
    body = {"mainLanguageCode": "eng-GB", "login": "two", "email": "two@example.com", "password": "Publish123"}
    user = {"UserCreate": {**body, "fields": {"field": name}}}
    assert api.send("POST", "/user/groups/1/5/14/users", user, "UserCreate").status_code == 201
    other = log_in(api, "two", "Publish123", Cookie=cookie["Cookie"])
    assert (other.status_code, other.text) == (409, "")


def test_after_a_logout_the_cookie_is_nobodys(api: Api) -> None:
    path, cookie, token = started(api)
    assert api.send("DELETE", path, **cookie).status_code == 401
    gone = api.send("DELETE", path, **cookie, X_CSRF_Token=token)
    assert gone.status_code == 204
    assert f"{NAME}=deleted" in gone.headers["Set-Cookie"]
    api.session.cookies.clear()
    assert api.send("GET", "/content/sections", **cookie).json()["SectionList"]["Section"] == []
    current = api.send("GET", SESSIONS + "/current", **cookie)
    assert (current.status_code, current.json()["Session"]["User"]["_href"]) == (200, f"{ROOT}/user/users/10")
