"""The registry: the one seam to MLflow. Runs, artifacts, model versions and their aliases.

A run is one step with its parameters, metrics and a folder of artifact files (text and JSON, no
code). A folder can be registered as a version of a model; ``champion`` and ``challenger`` are
aliases that move between versions. Tags of a version keep who trained and who approved it; those of
the model keep which champions followed one another.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import mlflow
from mlflow.entities import Metric, Param
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID as PARENT

from features.errors import NotFound, NotReady

EXPERIMENT = "yujing"
LOCAL = "sqlite:///data/mlflow.db"  # the tracking server where none is named
ARTIFACTS = "model"
CHAMPION, CHALLENGER = "champion", "challenger"
TURN = "turn_"  # how the tags of a model's history begin
NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # a server's own answer
LONGEST = 5000  # characters of a tag that every tracking server keeps


class Absent(NotReady):
    """The registry answers, and has no such version."""


@dataclass(frozen=True)
class Version:
    """One version of a model: its number, what points to it, when it was made, what is known."""

    number: str
    aliases: tuple[str, ...]
    made_at: datetime
    tags: Mapping[str, str]
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Tried:
    """Something that was tried on the way to a version, as a run of its own below the version's."""

    name: str
    params: Mapping[str, object]
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Registry:
    """A tracking server by its URI.

    artifacts: where a new experiment keeps its files; ``None`` leaves that to the server.
    """

    uri: str
    artifacts: Path | None = None

    def log(
        self,
        step: str,
        *,
        params: Mapping[str, object],
        metrics: Mapping[str, float],
        directory: Path,
        register: str | None = None,
    ) -> str:
        """Log one step with its folder; return the new model version, or the run's id.

        Inside ``mlflow run`` the run that it has opened is used. ``NotReady`` when the tracking
        server does not answer, or its files cannot be written.
        """
        with _kept():
            client = self._client()
            experiment = self._experiment(client)
        with _kept(), mlflow.start_run(run_name=step, experiment_id=experiment) as run:
            client.set_tag(run.info.run_id, "step", step)
            told = client.get_run(run.info.run_id).data.params  # by ``mlflow run``
            mlflow.log_params({k: v for k, v in params.items() if v is not None and k not in told})
            mlflow.log_metrics({k: float(v) for k, v in metrics.items() if v == v})
            mlflow.log_artifacts(str(directory), ARTIFACTS)
            run_id = run.info.run_id
            source = f"{run.info.artifact_uri}/{ARTIFACTS}"
        return run_id if register is None else self._register(register, source, run_id=run_id)

    def fetch(self, model: str, alias: str = CHAMPION) -> Path:
        """Return the folder of a model's version by alias; ``NotReady`` when there is none."""
        version = self._version(model, alias)
        if version is None:
            raise NotReady(f"no {alias} of {model!r} in the registry; train and promote one first")
        return _folder(version)

    def folder(self, model: str, version: str) -> Path:
        """Return the folder of a version by its number; ``NotFound`` without it."""
        return _folder(self._held(model, version))

    def version(self, model: str, alias: str = CHAMPION) -> str | None:
        """Return which version an alias points to, or ``None``."""
        version = self._version(model, alias)
        return None if version is None else str(version.version)

    def promote(self, model: str, version: str, *, alias: str, why: str) -> None:
        """Point an alias at a version and keep the reason with the version."""
        client = self._client()
        client.set_registered_model_alias(model, alias, version)
        client.set_model_version_tag(model, version, f"{alias}_because", why[:LONGEST])

    def withdraw(self, model: str, alias: str) -> None:
        """Let an alias point to no version."""
        self._client().delete_registered_model_alias(model, alias)

    def metrics(self, model: str, version: str) -> dict[str, float]:
        """Return the metrics of the run that made a version; ``NotFound`` without it."""
        held = self._held(model, version)
        return dict(self._client().get_run(str(held.run_id)).data.metrics)

    def tags(self, model: str, version: str) -> dict[str, str]:
        """Return what is kept with a version; ``NotFound`` without it."""
        return dict(self._held(model, version).tags)

    def tag(self, model: str, version: str, *, tags: Mapping[str, str]) -> None:
        """Keep texts with a version, each in place of an older one of its name."""
        client = self._client()
        for name, text in tags.items():
            client.set_model_version_tag(model, version, name, text[:LONGEST])

    def amend(self, model: str, version: str, *, file: Path) -> None:
        """Put a file into a version's folder, in place of one of its name."""
        run_id = str(self._held(model, version).run_id)
        self._client().log_artifact(run_id, str(file), ARTIFACTS)

    def nest(self, model: str, version: str, *, tried: Sequence[Tried]) -> None:
        """Log what was tried on the way to a version, each as a run below the version's own."""
        self.below(str(self._held(model, version).run_id), tried=tried)

    def below(self, run_id: str, *, tried: Sequence[Tried]) -> None:
        """Log what was tried within a run, each as a run below it."""
        client = self._client()
        above = client.get_run(run_id).info
        for each in tried:
            run = client.create_run(
                above.experiment_id, tags={PARENT: above.run_id}, run_name=each.name
            ).info.run_id
            client.log_batch(
                run,
                metrics=[
                    Metric(name, value, above.start_time, 0) for name, value in each.metrics.items()
                ],
                params=[Param(name, str(told)) for name, told in each.params.items()],
            )
            client.set_terminated(run)

    def address(self, run_id: str) -> str:
        """Return where a run's files lie: a path where the server keeps them on this machine."""
        uri = self._client().get_run(run_id).info.artifact_uri
        return f"{uri}/{ARTIFACTS}".removeprefix("file://")

    def remember(self, model: str, turn: str) -> None:
        """Add one more text to the history of a model; what is there is never changed."""
        number = len(self.history(model)) + 1
        self._client().set_registered_model_tag(model, f"{TURN}{number:06}", turn)

    def history(self, model: str) -> list[str]:
        """Return the texts that a model's history has, oldest first."""
        try:
            with _reached():
                tags = self._client().get_registered_model(model).tags
        except Absent:
            return []
        return [tags[name] for name in sorted(tags) if name.startswith(TURN)]

    def versions(self, model: str) -> list[Version]:
        """Return every version of a model, the newest first; ``NotReady`` when there is none."""
        client = self._client()
        held = self._all(model)
        pointing = client.get_registered_model(model).aliases
        return [
            Version(
                number=str(one.version),
                aliases=tuple(sorted(a for a, v in pointing.items() if str(v) == str(one.version))),
                made_at=datetime.fromtimestamp(int(one.creation_timestamp or 0) / 1000, UTC),
                tags=dict(one.tags),
                metrics=dict(client.get_run(str(one.run_id)).data.metrics),
            )
            for one in held
        ]

    def newest(self, model: str) -> str:
        """Return the newest version of a model; ``NotReady`` when there is none."""
        return str(self._all(model)[0].version)

    def _register(self, model: str, source: str, *, run_id: str) -> str:
        client = self._client()
        try:
            client.create_registered_model(model)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        return str(client.create_model_version(model, source, run_id).version)

    def _all(self, model: str) -> list[ModelVersion]:
        held = self._client().search_model_versions(f"name='{model}'")
        if not held:
            raise NotReady(f"no version of {model!r} in the registry; train one first")
        return sorted(held, key=lambda one: -int(one.version))

    def _held(self, model: str, version: str) -> ModelVersion:
        try:
            return self._client().get_model_version(model, version)
        except MlflowException as error:
            if error.error_code not in NOT_THERE:
                raise
            raise NotFound(f"no version {version!r} of {model!r} in the registry") from None

    def _version(self, model: str, alias: str) -> ModelVersion | None:
        try:
            with _reached():
                return self._client().get_model_version_by_alias(model, alias)
        except Absent:
            return None

    def _client(self) -> MlflowClient:
        mlflow.set_tracking_uri(self.uri)
        return MlflowClient()

    def _experiment(self, client: MlflowClient) -> str:
        existing = client.get_experiment_by_name(EXPERIMENT)
        if existing is not None:
            return str(existing.experiment_id)
        location = None if self.artifacts is None else self.artifacts.resolve().as_uri()
        return str(client.create_experiment(EXPERIMENT, artifact_location=location))


def _folder(version: ModelVersion) -> Path:
    with _reached():
        return Path(mlflow.artifacts.download_artifacts(artifact_uri=version.source))


@contextmanager
def _reached() -> Iterator[None]:
    """Turn a registry that does not answer into ``NotReady``: whoever asks can ask again."""
    try:
        with _answering("the registry does not answer", "the model's files cannot be read"):
            yield
    except MlflowException:
        raise Absent("the registry has no such version") from None


@contextmanager
def _kept() -> Iterator[None]:
    """Turn a tracking server that does not answer into ``NotReady``; a wrong call stays one."""
    with _answering("the tracking server does not answer", "the run's files cannot be written"):
        yield


@contextmanager
def _answering(silent: str, unusable: str) -> Iterator[None]:
    """Turn a silent server and files that cannot be used into ``NotReady`` with these words.

    An answer that something is not there, or was asked wrongly, stays MLflow's own error.
    """
    try:
        yield
    except MlflowException as error:
        if error.error_code in NOT_THERE:
            raise
        raise NotReady(f"{silent}: {str(error)[:200]}") from error
    except OSError as error:
        raise NotReady(f"{unusable}: {error}") from error
