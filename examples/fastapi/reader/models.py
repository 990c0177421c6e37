"""Bodies of requests."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field


def known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a time zone, such as Europe/Berlin")
    return name


TimeZone = Annotated[str, AfterValidator(known_time_zone)]
Interest = Annotated[str, Field(min_length=1, max_length=50)]


class SignUp(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    email: str
    password: str
    timeZone: TimeZone = "UTC"
    background: str | None = Field(None, max_length=500)


class SignIn(BaseModel):
    email: str
    password: str
    rememberMe: bool = True


class Fields(BaseModel):
    """The fields that the authentication server stores."""

    timeZone: TimeZone | None = None
    background: str | None = Field(None, max_length=500)


class Preferences(BaseModel):
    """What the application stores itself."""

    preferences: dict[str, str | int | bool]
    interests: list[Interest] = Field(max_length=20)
