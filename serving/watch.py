"""The watch: follows the store and the registry, and changes the champion without a restart.

Requests read ``standing`` once and go on with what they read; a new champion takes its place by
one assignment, when its index is complete. Whatever does not fit leaves the old one in office.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from features import plans
from features.clerk import Clerk
from features.errors import YujingError
from features.feature_set import FeatureSet
from features.index import Index
from features.store import Store
from models.decisions import Known, Learned
from models.registry import Registry
from models.text import taxonomy
from models.text.annotate import Annotator, lexicon_only
from models.text.suspects import Suspect
from serving import champion
from serving.champion import Champion
from serving.follower import Follower
from serving.retelling import Retelling

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """A champion and the index that its questions are asked of."""

    champion: Champion
    follower: Follower


class Watch:
    """What the service currently believes with, and what keeps it from believing better."""

    def __init__(
        self, store: Store, registry: Registry, *, ruled: FeatureSet, seconds: float
    ) -> None:
        """Follow a store and a registry. ruled: what the agency's rules ask of the facts."""
        self.standing: Standing | None = None
        self._clerk, self._ruled = Clerk(store), ruled
        self._rules: Follower | None = None
        self._nothing = Index(plans.plans(ruled.read), {})  # until the facts are loaded
        self.annotator: Annotator = lexicon_only(taxonomy.load())
        self.suspects: tuple[Suspect, ...] = ()  # labels that were doubted when it was trained
        self.retelling = Retelling(store)
        self.troubles: dict[str, str] = {"risk": "the champion and its index are being loaded"}
        self._store, self._registry, self._seconds = store, registry, seconds
        self._risk_version: str | None = None
        self._text_version: str | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to follow in the background; requests meanwhile are answered degraded."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for the step that it is in."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def known(self) -> tuple[Known, str | None]:
        """What decisions can be made with now, and the version of the champion if there is one."""
        standing, rules = self.standing, self._rules
        ruled = self._nothing if rules is None else rules.index
        if standing is None:
            return Known(self._clerk.ledger, ruled, None), None
        learned = Learned(standing.champion.model, standing.follower.index)
        return Known(self._clerk.ledger, ruled, learned), standing.champion.version

    @property
    def has_ended(self) -> bool:
        """Whether it was started and follows no more."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def refresh(self) -> None:
        """Take one step: learn new facts, then look for new champions."""
        self._try("store", self._follow)
        self._try("text", self._read_text)
        self._try("risk", self._take_risk)
        self._try("clusters", self.retelling.follow)

    def _try(self, name: str, step: Callable[[], None]) -> None:
        """Take a step; what keeps it from being taken is a trouble until it is."""
        try:
            step()
            self.troubles.pop(name, None)
        except YujingError as error:
            if self.troubles.get(name) != str(error):
                logger.warning("watch %s: %s", name, error)
            self.troubles[name] = str(error)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.refresh()
            self._stopped.wait(self._seconds)

    def _follow(self) -> None:
        self._clerk.follow()
        self._follow_rules()
        if self.standing is not None and (learned := self.standing.follower.follow()):
            logger.info("watch learned %d facts", learned)

    def _follow_rules(self) -> None:
        """Keep up with what rules ask of the facts: annotations, if any, as the champion does."""
        reads = any(a.kind == "annotation" for a in self._ruled.read)
        version = self.standing.champion.text_version if reads and self.standing else None
        if self._rules is None or self._rules.text_version != version:
            self._rules = Follower(self._store, self._ruled, text_version=version)
        else:
            self._rules.follow()

    def _read_text(self) -> None:
        version = self._registry.version(champion.TEXT)
        if version != self._text_version:
            self.annotator, self.suspects = champion.text(self._registry)
            self._text_version = version
            logger.info("watch reads texts by %s", self.annotator.version)

    def _take_risk(self) -> None:
        version = self._registry.version(champion.RISK)
        if version is None or version != self._risk_version:
            loaded = champion.load(self._registry, str(version))
            self.standing = Standing(loaded, self._follower(loaded))
            self._risk_version = version
            logger.info("watch promoted %s", loaded.version)

    def _follower(self, loaded: Champion) -> Follower:
        """Return the follower of a champion: the one there is, where it reads the same facts."""
        if self.standing is not None:
            old = self.standing.follower
            if (old.features, old.text_version) == (loaded.model.features, loaded.text_version):
                return old
        return Follower(self._store, loaded.model.features, text_version=loaded.text_version)
