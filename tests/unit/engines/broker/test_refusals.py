"""What a broker that does not serve us is called."""

from __future__ import annotations

import pytest
from amqp.exceptions import AccessRefused, NotAllowed, PreconditionFailed

from monitor.engines.broker.refusals import BrokerState, sentence

URL = "amqp://ann:secret@broker.example/news"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotAllowed("NOT_ALLOWED - vhost news not found", (10, 40)), "rabbitmqctl add_vhost news"),
        (NotAllowed("NOT_ALLOWED - access to vhost 'news' refused for user 'ann'", (10, 40)),
         "rabbitmqctl set_permissions -p news ann"),
        (AccessRefused("ACCESS_REFUSED - Login was refused using PLAIN"),
         "refuses the user 'ann' or its password: correct `broker` in monitor.yaml, or MONITOR_BROKER"),
        (AccessRefused("ACCESS_REFUSED - access to queue 'monitor.fetch' refused"), "does not let 'ann'"),
        (PreconditionFailed("PRECONDITION_FAILED - inequivalent arg 'x-queue-type'"), "delete that queue"),
        (ConnectionRefusedError(111, "Connection refused"), "does not answer: start it"),
    ],
)  # fmt: skip
def test_each_refusal_names_the_place_the_setting_and_the_mend(error: Exception, said: str) -> None:
    text = sentence(error, URL)
    assert text.startswith("RabbitMQ at broker.example:5672 ")
    assert said in text
    assert "secret" not in text


def test_it_is_said_once_and_once_more_when_it_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    state = BrokerState(URL)
    state.answers()
    for _ in range(5):
        state.failed(AccessRefused("Login was refused"))
    state.answers()
    state.answers()
    said = "".join(capsys.readouterr())
    assert said.count("refuses the user") == 1
    assert said.count("the broker answers") == 1
