"""The compiled build: the modules that pyproject.toml lists, made C extensions by mypyc, in a wheel for one Python and
one platform. Their sources stay in the wheel beside them, for tracebacks; only the extensions are imported.

Off by default: `make compiled`, or HATCH_BUILD_HOOK_ENABLE_CUSTOM=true with any builder of wheels. Needs a C compiler.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution
from setuptools.command.build_ext import build_ext


class CompiledCore(BuildHookInterface):
    """Adds an extension module for every one of `modules`. MYPYC_OPT_LEVEL is the C compiler's -O level."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            raise ValueError("an editable install is interpreted: build a wheel")
        # Imported late: mypycify looks whether setuptools is there already and otherwise expects distutils.
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

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        self._work.cleanup()
