"""The registry: the one seam to MLflow. Runs, artifacts, model versions and their aliases.

A run is one step with its parameters, metrics and a folder of artifact files (text and JSON, no
code). A folder can be registered as a version of a model; ``champion`` and ``challenger`` are
aliases that move between versions.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from features.errors import NotFound, NotReady

EXPERIMENT = "yujing"
LOCAL = "sqlite:///data/mlflow.db"  # the tracking server where none is named
ARTIFACTS = "model"
CHAMPION, CHALLENGER = "champion", "challenger"


class Absent(NotReady):
    """The registry answers, and has no such version."""


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

        Inside ``mlflow run`` the run that it has opened is used.
        """
        client = self._client()
        with mlflow.start_run(run_name=step, experiment_id=self._experiment(client)) as run:
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
        with _reached():
            return Path(mlflow.artifacts.download_artifacts(artifact_uri=version.source))

    def version(self, model: str, alias: str = CHAMPION) -> str | None:
        """Return which version an alias points to, or ``None``."""
        version = self._version(model, alias)
        return None if version is None else str(version.version)

    def promote(self, model: str, version: str, *, alias: str, why: str) -> None:
        """Point an alias at a version and keep the reason with the version."""
        client = self._client()
        client.set_registered_model_alias(model, alias, version)
        client.set_model_version_tag(model, version, f"{alias}_because", why[:5000])

    def metrics(self, model: str, version: str) -> dict[str, float]:
        """Return the metrics of the run that made a version; ``NotFound`` without it."""
        client = self._client()
        try:
            run_id = client.get_model_version(model, version).run_id
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            raise NotFound(f"no version {version!r} of {model!r} in the registry") from None
        return dict(client.get_run(str(run_id)).data.metrics)

    def newest(self, model: str) -> str:
        """Return the newest version of a model; ``NotReady`` when there is none."""
        versions = self._client().search_model_versions(f"name='{model}'")
        if not versions:
            raise NotReady(f"no version of {model!r} in the registry; train one first")
        return str(max(int(v.version) for v in versions))

    def _register(self, model: str, source: str, *, run_id: str) -> str:
        client = self._client()
        try:
            client.create_registered_model(model)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        return str(client.create_model_version(model, source, run_id).version)

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


@contextmanager
def _reached() -> Iterator[None]:
    """Turn a registry that does not answer into ``NotReady``: whoever asks can ask again."""
    try:
        yield
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise Absent("the registry has no such version") from None
        raise NotReady(f"the registry does not answer: {str(error)[:200]}") from error
    except OSError as error:
        raise NotReady(f"the model's files cannot be read: {error}") from error
