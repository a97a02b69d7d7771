"""Labels and help texts of the section on the service content."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.particulars.service_categories import CATEGORIES

# The fields of a main chain are the same in every category.
_CHAIN_LABELS: dict[str, Promise] = {
    "chain": _("Main chain"),
    "other_chain_name": _("Name of the unlisted chain"),
    "kind": _("Kind of this chain"),
    "uses_contract": _("Does the service use a contract on this chain?"),
    "contract_address": _("Contract address"),
}
_CHAIN_HELP_TEXTS: dict[str, Promise] = {
    "chain": _("Choose from the list, or add the chain by name."),
    "contract_address": _("Asked only for public chains."),
}
_MAIN_CHAINS_HELP_TEXT = _(
    "Each chain the service is built on; a contract address only where the chain is public."
)

LABELS: dict[str, Promise] = {
    "content.categories": _("Category of the service"),
    "content.infrastructure_service_types": _("Services of the infrastructure provider"),
    "content.application_service_types": _("Services of the application operator"),
    "content.other_application_service": _("Description of the other application"),
    "content.explorer_url": _("Address of the explorer"),
    "content.explorer_visits_per_year": _("Visits per year, cumulative"),
    "content.explorer_average_daily_visits": _("Average daily visits in the last 3 months"),
    "content.explorer_servers": _("Servers of the explorer"),
    "content.explorer_servers.ip_address": _("IP address"),
    "content.explorer_servers.place": _("Place of the server"),
    "content.technology_service_types": _("Services of the technology provider"),
    "content.baas_service_count": _("Number of services on the BaaS platform"),
    "content.baas_customers": _("Customers served"),
    "content.baas_customers.name": _("Name of the customer"),
    "content.baas_customers.service": _("Service of the customer"),
    "content.baas_hardware_and_software_separated": _("Are hardware and software separated?"),
    "content.baas_has_cloud_qualification": _("Do you hold a cloud service qualification?"),
    "content.baas_cloud_qualification": _("Cloud service qualification"),
    "content.baas_machine_room_place": _("Place of the machine room"),
    "content.other_technology_service": _("Description of the other technical service"),
    "content.technology_service_count": _("Number of services supported"),
    "content.technology_is_open_source": _("Is the technology open source?"),
    "content.technology_source_code_url": _("Address of the source code"),
    "content.infrastructure_main_chains": _("Main chains of the infrastructure provider"),
    "content.application_main_chains": _("Main chains of the application operator"),
    "content.technology_main_chains": _("Main chains of the technology provider"),
    **{
        f"{category.main_chains_key}.{name}": label
        for category in CATEGORIES
        for name, label in _CHAIN_LABELS.items()
    },
}

# The heading of one row of a group, before its number.
ROW_LABELS: dict[str, Promise] = {
    "content.explorer_servers": _("Server"),
    "content.baas_customers": _("Customer"),
    **{category.main_chains_key: _("Main chain") for category in CATEGORIES},
}

HELP_TEXTS: dict[str, Promise] = {
    "content.categories": _("One or more of the three categories. Published."),
    "content.infrastructure_service_types": _("Several may be chosen."),
    "content.application_service_types": _("Several may be chosen."),
    "content.other_application_service": _("What the application does for its users."),
    "content.explorer_url": _("The page on which transactions are looked up."),
    "content.explorer_visits_per_year": _("All visits of the last twelve months."),
    "content.explorer_average_daily_visits": _("All visits of the last three months, divided by the days."),
    "content.explorer_servers": _("The IP address of each server, and where it stands."),
    "content.technology_service_types": _("Several may be chosen."),
    "content.baas_service_count": _("How many services the platform supports now; 0 if none yet."),
    "content.baas_customers": _("The customers whose services run on the platform."),
    "content.baas_hardware_and_software_separated": _(
        "Whether the platform's software runs independently of particular hardware."
    ),
    "content.baas_has_cloud_qualification": _("If so, it is named here and its scan attached."),
    "content.baas_cloud_qualification": _("Name and number of the qualification."),
    "content.baas_machine_room_place": _("Where the machines of the platform stand."),
    "content.other_technology_service": _("What is provided, to whom, and on which chain."),
    "content.technology_service_count": _("How many services use the technology now."),
    "content.technology_is_open_source": _("If so, say where the source code can be read."),
    "content.technology_source_code_url": _("A public repository or download."),
    **{category.main_chains_key: _MAIN_CHAINS_HELP_TEXT for category in CATEGORIES},
    **{
        f"{category.main_chains_key}.{name}": help_text
        for category in CATEGORIES
        for name, help_text in _CHAIN_HELP_TEXTS.items()
    },
}
