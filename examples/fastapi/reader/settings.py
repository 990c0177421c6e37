"""Settings, from variables with the prefix READER_."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="READER_")

    # The endpoints of the authentication server, at an address that this process reaches.
    auth_url: str = "http://localhost:4400/api/auth"
    # Seconds to wait for an answer. The server answers within 5.
    auth_timeout: float = 10
    # What its JWTs contain, and the algorithm of its keys. If the audience is the issuer, default tokens are used.
    issuer: str = "http://localhost:4400"
    audience: str = "reader"
    algorithms: list[str] = ["EdDSA"]
    # The database of the authentication server. The application has tables of its own in it.
    database_url: str
    # Origins whose pages may change something with the user's cookies.
    allowed_origins: list[str] = ["http://localhost:8000"]
