"""The Celery application: its queues and every setting that makes it safe."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from celery import Celery
from kombu import Exchange, Queue
from kombu.exceptions import KombuError

from monitor.errors import EngineError
from monitor.model.job import JobKind, Role

TASK: Final = "monitor.run_job"
QUEUE_OF_ROLE: Final[Mapping[Role, str]] = {"fetch": "monitor.fetch", "process": "monitor.process"}
QUEUE_OF_KIND: Final[Mapping[JobKind, str]] = {
    "poll": "monitor.fetch",
    "read": "monitor.process",
    "recheck": "monitor.process",
}
DEAD: Final = "monitor.dead"
"""Where a message goes that was delivered too often; its job comes back by its lease."""
DELIVERY_LIMIT: Final = 5
_SAFE: Final[Mapping[str, object]] = {
    "task_default_queue_type": "quorum",
    "task_create_missing_queues": False,
    "worker_detect_quorum_queues": True,
    # A message is gone when its job has ended, not before.
    "task_acks_late": True,
    "task_acks_on_failure_or_timeout": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    # Nothing is asked back: what became of a job stands in the database.
    "task_ignore_result": True,
    "result_backend": None,
    "accept_content": ["json"],
    "task_serializer": "json",
    # No queues of events and of remote control: they are transient, and newer brokers refuse such.
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 5,
    "broker_heartbeat": 20,
    "broker_pool_limit": 2,
    "enable_utc": True,
}


def application(url: str, roles: Collection[Role] = tuple(QUEUE_OF_ROLE)) -> Celery:
    """An application on the broker ``url`` that knows the queues of ``roles``. Raises ``EngineError``."""
    try:
        app = Celery("monitor", broker=url, set_as_current=False)
        app.conf.update(_SAFE, broker_transport_options={"confirm_publish": True})
        app.conf.task_queues = queues(roles)
        app.conf.task_default_queue = QUEUE_OF_ROLE["process"]
        app.connection_for_write().transport_cls  # noqa: B018 - the address is read when it is asked for
    except (KombuError, KeyError, ValueError, ImportError) as error:
        raise EngineError(f"broker: its address is not understood: {error}") from error
    return app


def queues(roles: Collection[Role]) -> tuple[Queue, ...]:
    """Quorum queues that put away what was delivered too often."""
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD,
        "x-dead-letter-routing-key": DEAD,
    }
    return tuple(_queue(name, arguments) for role, name in QUEUE_OF_ROLE.items() if role in roles)


def dead_letters() -> Queue:
    """The queue of what was delivered too often."""
    return _queue(DEAD, {"x-queue-type": "quorum", "x-max-length": 10_000})


def _queue(name: str, arguments: Mapping[str, Any]) -> Queue:
    exchange = Exchange(name, type="direct", durable=True)
    return Queue(name, exchange, routing_key=name, durable=True, queue_arguments=dict(arguments))
