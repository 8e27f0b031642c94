"""What comes over HTTP: GET, POST, lists, persisted documents, limits, clients that leave."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_api.access.keys import Role, new_key
from graphql_api.settings import load_api_settings
from kg.errors import SettingsError

from .conftest import Serving

SHA = hashlib.sha256(b"{ ping }").hexdigest()
APQ = {"persistedQuery": {"version": 1, "sha256Hash": SHA}}
PREFLIGHT = {"apollo-require-preflight": "1"}


def quiet(**overrides: Any) -> Any:
    return load_api_settings(log_level="error", **overrides)


def code(response: httpx.Response) -> str:
    return response.json()["errors"][0]["extensions"]["code"]


async def test_a_query_is_answered_by_post_and_by_get(site: Serving) -> None:
    async with site() as served:
        posted = await served.post("{ ping }")
        variables = json.dumps({"t": "тук-тук"})
        got = await served.http.get(
            "/graphql",
            params={"query": "query Q($t: String!) { ping(text: $t) }", "variables": variables, "operationName": "Q"},
            headers=PREFLIGHT,
        )
    assert posted.json()["data"] == {"ping": "pong"}
    assert got.json()["data"] == {"ping": "тук-тук"}


async def test_the_cost_of_an_operation_is_told(site: Serving) -> None:
    async with site() as served:
        answer = (await served.post("{ ping again: ping }")).json()
    assert answer["extensions"]["cost"] == {"value": 2, "limit": 50_000, "nodes": 0, "depth": 1}


@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}, {"apollo-require-preflight": ""}])
async def test_a_get_that_a_foreign_page_could_send_is_refused(site: Serving, headers: dict[str, str]) -> None:
    async with site() as served:
        answer = await served.http.get("/graphql", params={"query": "{ ping }"}, headers=headers)
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("headers", [PREFLIGHT, {"x-apollo-operation-name": "Q"}, {"content-type": "application/json"}])
async def test_a_get_that_asks_first_is_answered(site: Serving, headers: dict[str, str]) -> None:
    async with site() as served:
        answer = await served.http.get("/graphql", params={"query": "{ ping }"}, headers=headers)
    assert answer.json()["data"] == {"ping": "pong"}


async def test_a_mutation_by_get_is_refused_and_not_run(site: Serving) -> None:
    async with site(quiet(api_keys=EDITOR)) as served:
        answer = await served.http.get(
            "/graphql", params={"query": "mutation { write }"}, headers={**PREFLIGHT, **BEARER}
        )
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert served.ran.begun == []


KEY, EDITOR = new_key("edda", Role.EDITOR)
BEARER = {"authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize(
    "query",
    [
        "query=%ff",
        "query={ping}&query={ping}",
        "variables={}",
        "query={ping}&variables=[",
        "query={ping}&variables=1",
        "&".join(f"a{number}=1" for number in range(20)),
        "query=",
    ],
)
async def test_an_address_that_makes_no_sense_is_refused(site: Serving, query: str) -> None:
    async with site() as served:
        answer = await served.http.get(f"/graphql?{query}", headers=PREFLIGHT)
    assert answer.status_code == 400


async def test_other_methods_and_uploads_are_refused(site: Serving) -> None:
    async with site() as served:
        assert (await served.http.put("/graphql", json={})).status_code == 405
        assert (await served.http.delete("/graphql")).status_code == 405
        upload = await served.http.post("/graphql", files={"0": b"x"}, data={"operations": '{"query": "{ ping }"}'})
        assert upload.status_code == 415


async def test_lists_are_refused_unless_a_setting_allows_them(site: Serving) -> None:
    batch = [{"query": "{ ping }"}, {"query": "{ nope }"}]
    async with site() as served:
        refused = await served.http.post("/graphql", json=batch)
    assert refused.status_code == 400
    assert "MKG_MAX_BATCH" in refused.text
    async with site(quiet(max_batch=2)) as served:
        first, second = (await served.http.post("/graphql", json=batch)).json()
        flood = await served.http.post("/graphql", json=batch * 50)
    assert first["data"] == {"ping": "pong"}
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert (flood.status_code, "2 are allowed" in flood.text) == (400, True)


async def test_a_document_is_sent_once_and_then_named_by_its_hash(site: Serving) -> None:
    async with site() as served:
        unknown = await served.http.post("/graphql", json={"extensions": APQ})
        told = await served.http.post("/graphql", json={"query": "{ ping }", "extensions": APQ})
        named = await served.http.post("/graphql", json={"extensions": APQ})
        by_get = await served.http.get("/graphql", params={"extensions": json.dumps(APQ)}, headers=PREFLIGHT)
        wrong = await served.http.post("/graphql", json={"query": "{ ping  }", "extensions": APQ})
    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert told.json()["data"] == named.json()["data"] == by_get.json()["data"] == {"ping": "pong"}
    assert (wrong.status_code, code(wrong)) == (400, "BAD_USER_INPUT")


async def test_a_document_that_is_no_good_is_not_kept(site: Serving) -> None:
    text = "{ nope }"
    named = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
    async with site() as served:
        await served.post(text, extensions=named)
        answer = await served.http.post("/graphql", json={"extensions": named})
    assert code(answer) == "PERSISTED_QUERY_NOT_FOUND"


async def test_hashes_can_be_switched_off(site: Serving) -> None:
    async with site(quiet(persisted_documents=0)) as served:
        assert code(await served.http.post("/graphql", json={"extensions": APQ})) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_with_trusted_documents_nothing_else_is_answered(site: Serving, tmp_path: Path) -> None:
    (tmp_path / "ping.graphql").write_text("{ ping }")
    async with site(quiet(trusted_documents=tmp_path)) as served:
        by_hash = await served.http.post("/graphql", json={"extensions": APQ})
        by_id = await served.http.post("/graphql", json={"documentId": f"sha256:{SHA}"})
        by_text = await served.post("{ ping }")
        other = await served.post("{ ping  }")
        unknown = await served.http.post("/graphql", json={"documentId": "other"})
        schema = await served.post("{ __schema { queryType { name } } }")
    assert by_hash.json()["data"] == by_id.json()["data"] == by_text.json()["data"] == {"ping": "pong"}
    assert code(other) == code(schema) == "QUERY_NOT_IN_SAFELIST"
    assert code(unknown) == "PERSISTED_QUERY_NOT_IN_LIST"


@pytest.mark.parametrize(
    "manifest",
    [
        {"ping-1": "{ ping }"},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": "ping-1", "body": "{ ping }"}],
        },
    ],
)
async def test_trusted_documents_come_from_a_manifest_too(site: Serving, tmp_path: Path, manifest: Any) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    async with site(quiet(trusted_documents=path)) as served:
        assert (await served.http.post("/graphql", json={"documentId": "ping-1"})).json()["data"] == {"ping": "pong"}


@pytest.mark.parametrize("text", ['{"a": "{ nope }"}', '{"a": "{"}', '{"a": 1}', "[", "{}", '{"operations": [{}]}'])
async def test_trusted_documents_that_cannot_be_trusted_stop_the_start(
    site: Serving, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match="MKG_TRUSTED_DOCUMENTS"):
        async with site(quiet(trusted_documents=path)):
            pass


async def test_an_operation_that_takes_too_long_is_ended(site: Serving) -> None:
    async with site(quiet(request_deadline=0.1)) as served:
        answer = await served.post("{ slow(seconds: 5) }")
        assert code(answer) == "TIMEOUT"
        assert "MKG_REQUEST_DEADLINE" in answer.text
        assert served.ran.cancelled == ["slow"]


async def test_too_many_operations_at_once_are_told_to_come_again(site: Serving) -> None:
    async with site(quiet(max_running=2)) as served:
        answers = await asyncio.gather(*(served.post("{ slow }") for _ in range(5)))
        assert served.operations.running == 0
    busy = [answer for answer in answers if answer.status_code == 503]
    assert len(busy) == 3
    assert {(code(answer), answer.headers["retry-after"]) for answer in busy} == {("BUSY", "1")}


async def test_a_key_that_asks_too_much_is_told_when_to_come_again(site: Serving) -> None:
    async with site(quiet(rate_requests=3)) as served:
        answers = [await served.post("{ ping }") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert code(answers[3]) == "RATE_LIMITED"
    assert answers[3].headers["retry-after"] == "20"
    assert answers[3].json()["errors"][0]["extensions"]["limit"] == "MKG_RATE_REQUESTS"


async def test_a_client_that_leaves_stops_what_is_read_for_it_and_not_what_is_written(site: Serving) -> None:
    async with site(quiet(api_keys=EDITOR)) as served:
        for query in ("{ slow(seconds: 1) }", "mutation { write(seconds: 0.5) }"):
            with pytest.raises(httpx.ReadTimeout):
                await served.http.post("/graphql", json={"query": query}, headers=BEARER, timeout=0.2)
        await asyncio.sleep(0.8)
        assert served.ran.cancelled == ["slow"]
        assert served.ran.ended == ["write"]
        assert served.operations.running == 0


async def test_a_batch_is_stopped_as_well(site: Serving) -> None:
    async with site(quiet(max_batch=5)) as served:
        with pytest.raises(httpx.ReadTimeout):
            await served.http.post("/graphql", json=[{"query": "{ slow(seconds: 1) }"}] * 2, timeout=0.2)
        await asyncio.sleep(0.2)
        assert served.ran.cancelled == ["slow", "slow"]


async def test_what_nobody_expected_is_masked(site: Serving, capsys: pytest.CaptureFixture[str]) -> None:
    async with site() as served:
        answer = await served.post("{ broken }")
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in answer.text
    assert error["extensions"]["errorId"] in capsys.readouterr().err


async def test_the_log_holds_neither_documents_nor_variables_nor_keys(
    site: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(load_api_settings(api_keys=EDITOR)) as served:
        await served.post("query($t: String!) { ping(text: $t) }", variables={"t": "patient-name"}, headers=BEARER)
        await served.post('{ nope(text: "patient-name") }', headers=BEARER)
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines() if '"operation"' in line]
    assert [(line["type"], line["by"]) for line in lines] == [("query", "edda"), ("query", "edda")]
    assert "patient-name" not in said
    assert KEY not in said
    assert "ping" not in said


async def test_a_body_that_never_ends_does_not_hold_a_connection_for_ever(
    site: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.transport.wire.BODY_SECONDS", 0.2)
    async with site() as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"content-length: 99\r\n\r\n{"
        )
        head = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert b" 408 " in head


async def test_a_request_that_runs_when_the_service_stops_is_finished(site: Serving) -> None:
    async with site(graceful=5) as served:
        asked = asyncio.create_task(served.post("{ slow(seconds: 0.5) }"))
        await asyncio.sleep(0.2)
        served.server.should_exit = True
        assert (await asked).json()["data"] == {"slow": "slow"}


async def test_a_request_that_cannot_be_finished_in_time_is_told_to_come_again(site: Serving) -> None:
    async with site(graceful=1) as served:
        asked = asyncio.create_task(served.post("{ slow(seconds: 15) }"))
        await asyncio.sleep(0.2)
        served.server.should_exit = True
        answer = await asked
        assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
        assert answer.headers["retry-after"] == "2"
        assert served.ran.cancelled == ["slow"]
