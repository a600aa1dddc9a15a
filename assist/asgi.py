"""Where does a connection go? A routing table, and nothing else."""

import os

import django
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - reads settings

from assist.gateway.routing import OriginGate, elsewhere  # noqa: E402
from assist.gateway.routing import websocket_urlpatterns as gateway  # noqa: E402
from assist.lib import memory, parent  # noqa: E402
from assist.monitor.routing import websocket_urlpatterns as monitor  # noqa: E402

parent.watch()  # Daphne is not ours, so this is where the web process learns that `up` is gone

application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": OriginGate(URLRouter([*gateway, *monitor, *elsewhere])),
    }
)

memory.settle()
