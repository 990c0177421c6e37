"""The application: uvicorn --factory reader.main:create_app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from psycopg import OperationalError

from .auth_server import AuthServer, http_client
from .keys import Keys
from .profiles import Profiles, connections
from .routers import accounts, readers
from .settings import Settings
from .tokens import TokenVerifier


def create_app() -> FastAPI:
    settings = Settings()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict]:
        http = http_client(settings.auth_timeout)
        async with http, connections(settings.database_url) as pool:
            store = Profiles(pool)
            await store.create_table()
            keys = Keys(http, settings.auth_url + "/jwks")
            yield {
                "settings": settings,
                "auth_server": AuthServer(http, settings.auth_url),
                "verifier": TokenVerifier(keys, settings.issuer, settings.audience, settings.algorithms),
                "profiles": store,
            }

    app = FastAPI(title="Reader", lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["authorization", "content-type"],
    )

    @app.exception_handler(OperationalError)
    async def database_unavailable(*_) -> JSONResponse:
        return JSONResponse({"detail": "try again later"}, 503, {"Retry-After": "1"})

    app.include_router(accounts.router)
    app.include_router(readers.router)
    return app
