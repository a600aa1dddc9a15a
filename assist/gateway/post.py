"""How do many messages leave for many people at once? In one go to Redis.

The channel layer publishes one message after the other and waits for each; a crowd of Volunteers
who were too late would hear of it one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

Layer = Any  # Channels has no types
Letter = tuple[str, dict[str, Any]]  # group, message


async def send_all(layer: Layer, letters: Sequence[Letter]) -> None:
    """As `group_send` for each, in this order. Raises RedisError, OSError."""
    if not letters:
        return
    if isinstance(layer, RedisPubSubChannelLayer):
        await _publish(layer, letters)
        return
    await asyncio.gather(*(layer.group_send(group, message) for group, message in letters))


async def _publish(layer: Layer, letters: Sequence[Letter]) -> None:
    """What the layer's own `group_send` does, but through one pipeline for each of its servers."""
    loops = layer._get_layer()
    pipelines: dict[Any, Any] = {}
    for group, message in letters:
        channel = loops._get_group_channel_name(group)
        shard = loops._get_shard(channel)
        if shard not in pipelines:
            async with shard._lock:
                shard._ensure_redis()
            pipelines[shard] = shard._redis.pipeline(transaction=False)
        pipelines[shard].publish(channel, layer.serialize(message))
    await asyncio.gather(*(pipeline.execute() for pipeline in pipelines.values()))
