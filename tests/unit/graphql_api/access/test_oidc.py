"""Tokens of an issuer: good ones say who somebody is, all others are refused."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from graphql_api.access.identity import Identity
from graphql_api.access.keys import Role, new_key, read_keys
from graphql_api.access.oidc import KeySet, Tokens, role_of
from graphql_api.problems import ApiError
from graphql_api.settings import load_api_settings
from kg.errors import SettingsError

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
ISSUER = "https://sign-in.example"


def jwk(key: Any, kid: str) -> dict[str, Any]:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


SYMMETRIC = {"kty": "oct", "kid": "shared", "k": base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")}


def write(path: Path, text: str) -> None:
    path.write_text(text)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [jwk(RSA, "one"), jwk(CURVE, "two"), SYMMETRIC]}))
    return path


def tokens(keys: Path, **overrides: Any) -> Tokens:
    settings = load_api_settings(oidc_issuer=ISSUER, oidc_audience="mkg", oidc_jwks=str(keys), **overrides)
    assert settings.issuer is not None
    return Tokens(settings.issuer)


def token(key: Any = RSA, algorithm: str = "RS256", kid: str | None = "one", **claims: Any) -> str:
    told = {
        "iss": ISSUER,
        "aud": "mkg",
        "sub": "user-7",
        "exp": time.time() + 600,
        "roles": ["editor"],
        **claims,
    }
    told = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(told, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


async def test_a_good_token_says_who_and_what(keys: Path) -> None:
    found = await tokens(keys).principal(token())
    assert found is not None
    assert (found.name, found.role, found.named) == ("user-7", Role.EDITOR, True)
    assert found.until is not None
    assert found.until > time.time()
    by_curve = await tokens(keys).principal(token(CURVE, "ES256", "two"))
    assert by_curve is not None


NOW = time.time()
BAD: dict[str, Any] = {
    "another key": lambda: token(OTHER),
    "a key that is not known": lambda: token(kid="three"),
    "no key named and several known": lambda: token(kid=None),
    "past": lambda: token(exp=NOW - 3600),
    "not yet": lambda: token(nbf=NOW + 3600),
    "without an end": lambda: token(exp=None),
    "another issuer": lambda: token(iss="https://evil.example"),
    "without issuer": lambda: token(iss=None),
    "another audience": lambda: token(aud="other"),
    "without audience": lambda: token(aud=None),
    "without name": lambda: token(sub=None),
    "a name that is empty": lambda: token(sub=""),
    "a name of two lines": lambda: token(sub="a\nb"),
    "a name that is long": lambda: token(sub="a" * 101),
    "without role": lambda: token(roles=None),
    "a role that means nothing": lambda: token(roles=["owner"]),
    "an algorithm that is not allowed": lambda: token(algorithm="RS512"),
    "a symmetric signature": lambda: token(b"k" * 32, "HS256", "shared"),
    "no signature": lambda: token(None, "none"),
    "no token": lambda: "a.b.c",
    "no parts": lambda: "abc",
    "something huge": lambda: token() + "a" * 9000,
    "a list as header": lambda: f"{base64.urlsafe_b64encode(b'[]').decode()}.e30.x",
    "a key id that is a number": lambda: jwt.encode({}, RSA, algorithm="RS256", headers={"x": 1}),
    "changed claims": lambda: ".".join(
        part if at != 1 else base64.urlsafe_b64encode(b'{"sub":"x"}').decode().rstrip("=")
        for at, part in enumerate(token().split("."))
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_every_other_token_is_refused(keys: Path, name: str) -> None:
    assert await tokens(keys).principal(BAD[name]()) is None


@pytest.mark.parametrize(
    ("claims", "path", "role"),
    [
        ({"roles": "viewer editor"}, "roles", Role.EDITOR),
        ({"realm": {"roles": ["curator"]}}, "realm.roles", Role.CURATOR),
        ({"https://a.example/roles": ["admin"]}, "https://a.example/roles", Role.ADMIN),
        ({"realm": "x"}, "realm.roles", None),
        ({"roles": {"viewer": True}}, "roles", None),
        ({"roles": [1, None, ["admin"]]}, "roles", None),
        ({}, "roles", None),
    ],
)
def test_the_highest_role_of_the_claim_counts(claims: Any, path: str, role: Role | None) -> None:
    assert role_of(claims, path, {known.name.lower(): known for known in Role}) is role


async def test_words_of_the_issuer_are_told_what_they_mean(keys: Path) -> None:
    mapped = tokens(keys, oidc_roles="kg-staff=curator,kg-lead=editor", oidc_roles_claim="groups")
    found = await mapped.principal(token(groups=["kg-staff", "other"], roles=["admin"]))
    assert found is not None
    assert found.role is Role.CURATOR


@pytest.mark.parametrize(
    ("overrides", "setting"),
    [
        ({"oidc_issuer": ISSUER}, "MKG_OIDC_AUDIENCE"),
        ({"oidc_audience": "mkg"}, "MKG_OIDC_ISSUER"),
        ({"oidc_issuer": ISSUER, "oidc_audience": "mkg"}, "MKG_OIDC_JWKS"),
        *(
            ({"oidc_issuer": ISSUER, "oidc_audience": "mkg", "oidc_jwks": "k", **wrong}, setting)
            for wrong, setting in (
                ({"oidc_algorithms": "none"}, "MKG_OIDC_ALGORITHMS"),
                ({"oidc_algorithms": "HS256"}, "MKG_OIDC_ALGORITHMS"),
                ({"oidc_algorithms": ""}, "MKG_OIDC_ALGORITHMS"),
                ({"oidc_roles": "boss=owner"}, "MKG_OIDC_ROLES"),
                ({"oidc_roles": "admin"}, "MKG_OIDC_ROLES"),
            )
        ),
    ],
)
def test_settings_that_make_no_sense_stop_the_start(overrides: Any, setting: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_api_settings(**overrides)
    assert setting in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"keys": [{"kty": "what"}]}'])
def test_a_file_that_holds_no_keys_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match="JWK set"):
        KeySet(str(path))


@pytest.mark.parametrize("place", ["/nothing/here.json", "http://sign-in.example/keys", "ftp://sign-in.example/keys"])
def test_keys_come_from_a_file_or_by_https_alone(place: str) -> None:
    with pytest.raises(SettingsError, match="MKG_OIDC_JWKS"):
        KeySet(place)


async def test_a_new_key_is_found_when_a_token_names_it(keys: Path) -> None:
    now = [0.0]
    settings = load_api_settings(oidc_issuer=ISSUER, oidc_audience="mkg", oidc_jwks=str(keys))
    assert settings.issuer is not None
    reading = Tokens(settings.issuer, KeySet(str(keys), lambda: now[0]))
    fresh = token(OTHER, kid="new")
    assert await reading.principal(fresh) is None
    write(keys, json.dumps({"keys": [jwk(OTHER, "new")]}))
    # Not asked again for each forged token, but after a while.
    assert await reading.principal(fresh) is None
    now[0] += 31
    assert await reading.principal(fresh) is not None
    assert await reading.principal(token()) is None
    write(keys, "broken")
    now[0] += 4000
    assert await reading.principal(fresh) is not None


@asynccontextmanager
async def issuer_at(answers: list[bytes]) -> AsyncIterator[str]:
    """An issuer on this machine that gives these answers, one after the other."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0) if len(answers) > 1 else answers[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"


def http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


async def test_keys_come_from_the_address_of_the_issuer() -> None:
    text = json.dumps({"keys": [jwk(RSA, "one")]}).encode()
    async with issuer_at([http("500 Error", b""), http("200 OK", text)]) as address:
        now = [100.0]
        reading = KeySet(address, lambda: now[0])
        assert await reading.key("one") is None
        now[0] += 31
        assert await reading.key("one") is not None


@pytest.mark.parametrize(
    "answer", [http("302 Found", b""), http("200 OK", b"a" * 300_000), http("200 OK", b"[]"), b"nonsense"]
)
async def test_an_issuer_that_answers_nonsense_opens_nothing(answer: bytes) -> None:
    async with issuer_at([answer]) as address:
        assert await KeySet(address).key("one") is None


async def test_a_token_is_remembered_until_it_ends(keys: Path) -> None:
    now = [time.time()]
    identity = Identity((), tokens(keys), lambda: now[0])
    header = f"Bearer {token()}"
    assert await identity.of(header) is await identity.of(header)
    now[0] += 700
    with pytest.raises(ApiError, match="needs a key"):
        await identity.of(header)


async def test_a_token_cannot_take_the_name_of_somebody_with_a_key(keys: Path) -> None:
    key, entry = new_key("cora", Role.CURATOR)
    identity = Identity(read_keys(entry), tokens(keys))
    assert (await identity.of(f"Bearer {key}")).role is Role.CURATOR
    with pytest.raises(ApiError):
        await identity.of(f"Bearer {token(sub='CORA')}")
    assert (await identity.of(f"Bearer {token(sub='dora')}")).name == "dora"


async def test_a_key_past_its_last_day_is_not_remembered(keys: Path) -> None:
    now = [time.time()]
    key, entry = new_key("olga", Role.VIEWER)
    today = time.strftime("%Y-%m-%d", time.gmtime(now[0]))
    identity = Identity(read_keys(f"{entry}:{today}"), clock=lambda: now[0])
    assert (await identity.of(f"Bearer {key}")).name == "olga"
    now[0] += 86_400
    with pytest.raises(ApiError):
        await identity.of(f"Bearer {key}")
