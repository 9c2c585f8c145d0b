"""Ship the repository's data folders inside the wheel, under planner/_bundled/."""
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":  # a checkout reads its folders where they lie: no stale copies
            return
        for kind in ("catalog", "templates", "assessments"):
            build_data["force_include"][f"{self.root}/{kind}"] = f"planner/_bundled/{kind}"
