"""How do we reach Redis, and what happens when it does not answer?"""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

ANSWER_SECONDS = 5.0
CONNECT_SECONDS = 2.0
CONNECTIONS = 64


def connect(url: str) -> "Redis":
    """A client with text answers, a bounded pool that waits, and explicit time-outs.

    A command is sent again after a lost connection (three times within about half a second),
    which is safe because every script of `assist.live` may be repeated. A command that timed out
    is not: the server may be frozen, and people must hear of it soon.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=CONNECTIONS,
        timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        health_check_interval=15,
        retry=Retry(
            ExponentialBackoff(cap=0.3, base=0.05), 3, supported_errors=(RedisConnectionError,)
        ),
    )
    return Redis.from_pool(pool)
