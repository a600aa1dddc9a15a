"""What does `up` decide before it starts anything, and what does it say once all is ready?"""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import segno
from django.conf import settings

from assist.lib.addresses import lan_addresses, machine_name
from assist.lib.env import Env, EnvError
from assist.lib.origins import LOOPBACK, for_phones, origin
from assist.lib.secret import kept_secret
from assist.management.certificates import Certificates, certificates
from assist.management.ports import check_tcp, check_udp
from assist.management.prepare import prepare_database, prepare_static
from assist.management.redis_server import RedisPlan, plan_redis
from assist.management.running import Running, note_running
from assist.management.supervisor import HousePlan, Supervisor
from assist.management.trust_page import TrustPage
from assist.management.web_server import daphne_command

LOOK_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Ports:
    http: int
    https: int
    relay: int

    @classmethod
    def read(cls, env: Env) -> Ports:
        names = ("ASSIST_PORT", "ASSIST_HTTPS_PORT", "ASSIST_RELAY_PORT")
        return cls(*(env.whole(name, least=1, most=65535) for name in names))

    def check(self, lan: list[str]) -> None:
        if self.http == self.https:
            raise EnvError("--port and --https-port must be different.")
        for host in ("127.0.0.1", *lan):
            check_tcp(host, self.http, "--port")
        check_tcp("0.0.0.0", self.https, "--https-port")
        check_udp("0.0.0.0", self.relay, "--relay-port")


class House:
    """One run of `up`. `say(line)` prints."""

    def __init__(self, env: Env, say: Callable[[str], None]) -> None:
        self.say = say
        self.env = env
        self.ports = Ports.read(env)
        self.lan = lan_addresses()
        self.state: Path = settings.ASSIST_STATE
        self._servers: list[asyncio.Server] = []

    def run(self) -> int:
        """Returns the exit code. EnvError, before anything is started, if it cannot start."""
        self.ports.check(self.lan)
        with locked(self.state):
            # What others give us first: if it is not there, nothing of ours has been made.
            redis = plan_redis(self.env)
            database = prepare_database()
            plan = self.plan(redis)
            prepare_static()
            self.say(f"Assist keeps everything in {self.state}.")
            self.say(f"redis     {redis.described}")
            self.say(f"database  {database}")
            ports = {"http_port": self.ports.http, "https_port": self.ports.https}
            note_running(self.state, Running(redis_url=plan.redis.url, **ports))
            return asyncio.run(self.serve(plan))

    def plan(self, redis: RedisPlan) -> HousePlan:
        kept_secret(self.state / "secret")
        (self.state / "redis").mkdir(exist_ok=True)
        tls = self.tls()
        return HousePlan(
            redis=redis,
            port=self.ports.http,
            web=daphne_command(self.ports.http, self.ports.https, tls.certificate, tls.key),
            drain_s=settings.ASSIST_DRAIN_SECONDS,
            environ={"ASSIST_STATE": str(self.state), "REDIS_URL": redis.url},
        )

    def tls(self) -> Certificates:
        if settings.ASSIST_TLS_CERT and settings.ASSIST_TLS_KEY:
            own = settings.ASSIST_TLS_CERT
            return Certificates(own, own, settings.ASSIST_TLS_KEY)
        files, _made = certificates(self.state / "tls", self.names())
        return files

    def names(self) -> list[str]:
        """What the certificate speaks for: this machine by each name and address it has."""
        more = [name for name in (machine_name(), settings.ASSIST_HOST) if name]
        return [*LOOPBACK, *self.lan, *more]

    async def serve(self, plan: HousePlan) -> int:
        supervisor = Supervisor(plan, self.say)
        watching: list[asyncio.Task[None]] = []

        async def when_ready() -> None:
            await self.open_trust_page()
            self.introduce()
            watching.append(asyncio.create_task(self.follow_addresses(supervisor)))

        try:
            return await supervisor.run(when_ready)
        finally:
            for task in watching:
                task.cancel()
            self.close_trust_page()

    # --- What people are told --------------------------------------------------------------------

    def addresses(self) -> list[str]:
        """Where phones find the app."""
        found = for_phones(self.lan, settings.ASSIST_HOST, self.ports.https)
        return [f"{address}/" for address in found]

    def entrance(self) -> str:
        """What the QR code says: the page about trust, or the app where nothing needs it."""
        if settings.ASSIST_TLS_CERT or not self.lan:
            return (self.addresses() or [""])[0]
        return origin("http", self.lan[0], self.ports.http) + "/"

    def introduce(self) -> None:
        self.say("")
        self.say(f"On this machine:  {origin('http', 'localhost', self.ports.http)}/")
        for address in self.addresses():
            self.say(f"On phones:        {address}")
        entrance = self.entrance()
        if not entrance:
            self.say("This machine is in no network; phones cannot reach it.")
            return
        if not settings.ASSIST_TLS_CERT:
            self.say(f"First time there: {entrance} (how a phone learns to trust this machine)")
        picture = io.StringIO()
        segno.make(entrance, micro=False).terminal(picture, compact=True)
        self.say(picture.getvalue())

    # --- The network around us -------------------------------------------------------------------

    async def open_trust_page(self) -> None:
        if settings.ASSIST_TLS_CERT:
            return
        page = TrustPage(self.state / "tls" / "authority.crt", self.addresses())
        self._servers = await page.serve(self.lan, self.ports.http)

    def close_trust_page(self) -> None:
        for server in self._servers:
            server.close()

    async def follow_addresses(self, supervisor: Supervisor) -> None:
        """A laptop changes networks and a certificate ages: both mean a new one, and a new web."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            self.lan = lan_addresses()
            if settings.ASSIST_TLS_CERT:
                continue
            _files, made = certificates(self.state / "tls", self.names())
            if made:
                self.say("This machine's addresses changed; phones must trust it again.")
                supervisor.restart("web")
                self.close_trust_page()
                await self.open_trust_page()
                self.introduce()


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """The state folder, for one `up` at a time; made if need be."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(state / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EnvError(f"The state folder {state} cannot be written to.") from error
    try:
        take(descriptor, state)
        yield
    finally:
        os.close(descriptor)


def take(descriptor: int, state: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise EnvError(f"Another Assist is already serving from {state}.") from error
