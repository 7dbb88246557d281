"""dbt's YAML: read with places, written so that dbt and people read it alike."""

__all__ = ["PROJECT_FILE"]

PROJECT_FILE = "dbt_project.yml"
"""What every dbt project has in its folder."""
