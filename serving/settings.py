"""Settings: everything the environment may decide, read once, at the one gate."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from features import tables
from features.errors import Invalid
from models import registry

PREFIX = "YUJING_"
SHORTEST_SECRET = 32  # characters
FEWEST_DIFFERENT = 8  # characters in a secret that somebody drew by chance
REMEDY = "make one by `openssl rand -hex 32` and keep it for as long as its draws may be checked"


class Settings(BaseSettings):
    """What a running service was told. Frozen; made once in ``from_environment``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    draw_secret: SecretStr = Field(
        description=f"Secret of the draws (双随机), {SHORTEST_SECRET} characters or more"
    )
    store_url: str = Field(
        tables.LOCAL,
        description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DB",
    )
    tracking_uri: str = Field(
        default_factory=lambda: os.environ.get("MLFLOW_TRACKING_URI") or registry.LOCAL,
        description="MLflow tracking server; empty takes MLFLOW_TRACKING_URI or the commands' own",
    )
    matrix: str = Field(
        "port", description="Risk matrix: port, eu, or the path of the agency's own"
    )
    policy: Path | None = Field(None, description="Inspection policy file; empty takes the example")
    rules: Path | None = Field(None, description="Fixed rules file; empty takes the example")
    api_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Bearer tokens of the API, separated by commas; empty asks for none"
    )
    console_password: SecretStr | None = Field(
        None, description="Password of the console for any user name; empty asks for none"
    )
    refresh_seconds: float = Field(
        5.0, gt=0, description="How often new facts and a new champion are looked for"
    )
    batch_limit: int = Field(1000, gt=0, description="Most declarations or reports in one request")
    body_limit: int = Field(8_000_000, gt=0, description="Most bytes in one request")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("api_tokens", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(token.strip() for token in value.split(",") if token.strip())

    @field_validator("draw_secret")
    @classmethod
    def _hard_to_guess(cls, secret: SecretStr) -> SecretStr:
        told = secret.get_secret_value()
        if len(told) < SHORTEST_SECRET:
            raise ValueError(f"has {len(told)} characters, {SHORTEST_SECRET} are needed; {REMEDY}")
        if len(set(told)) < FEWEST_DIFFERENT:
            raise ValueError(f"repeats a few characters and can be guessed; {REMEDY}")
        return secret


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Return the settings of the environment; ``Invalid`` names each variable that is wrong.

    Values are never shown: some are secrets.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise Invalid("; ".join(_sentence(problem) for problem in error.errors())) from None


def _sentence(problem: Any) -> str:
    name = PREFIX + str(problem["loc"][0]).upper()
    if problem["type"] == "missing":
        return f"{name} is not set; {REMEDY}" if "SECRET" in name else f"{name} is not set"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name} {message[0].lower()}{message[1:]}"
