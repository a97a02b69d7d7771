"""Labels and help texts of the section on the service."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "service.service_name": _("Name of the service"),
    "service.service_forms": _("Form of the service"),
    "service.other_service_form": _("Other form of the service"),
    "service.websites": _("Websites"),
    "service.websites.name": _("Name of the website"),
    "service.websites.url": _("Address of the website"),
    "service.websites.icp_number": _("ICP filing number"),
    "service.apps": _("Apps and clients"),
    "service.apps.name": _("Name of the app"),
    "service.apps.is_for_computers": _("A program for computers"),
    "service.apps.package_name": _("Package name"),
    "service.apps.filing_number": _("Filing number of the app"),
    "service.apps.download_url": _("Where it can be downloaded"),
    "service.mini_programs": _("Mini-programs"),
    "service.mini_programs.platform": _("Platform of the mini-program"),
    "service.mini_programs.name": _("Name of the mini-program"),
    "service.mini_programs.filing_number": _("Filing number of the mini-program"),
    "service.official_accounts": _("Official accounts"),
    "service.official_accounts.name": _("Name of the official account"),
    "service.official_accounts.platform": _("Platform of the official account"),
    "service.apis": _("APIs"),
    "service.apis.documentation_url": _("Address of the API's documentation"),
    "service.nodes": _("Nodes that users connect to"),
    "service.nodes.chain": _("Chain of the node"),
    "service.nodes.identity": _("Identity of the node"),
    "service.application_fields": _("Application field"),
    "service.other_application_field": _("Other application field"),
    "service.description": _("Description of the service"),
    "service.service_started_on": _("Start of the service"),
    "service.late_reason": _("Reason for filing late"),
    "service.chain_kind": _("Kind of chain"),
    "service.consensus": _("Consensus mechanism"),
    "service.node_count": _("Number of nodes"),
    "service.node_places": _("Places of the nodes"),
    "service.node_places.place": _("Place of the nodes"),
    "service.node_places.node_count": _("Nodes at this place"),
    "service.node_countries": _("Countries of the nodes"),
    "service.node_countries.country": _("Country or region"),
    "service.node_countries.share_percent": _("Share of the nodes, in percent"),
    "service.has_nodes_abroad": _("Are there nodes abroad?"),
    "service.nodes_abroad_explanation": _("Explanation of the nodes abroad"),
    "service.server_addresses": _("Server addresses and deployment places"),
    "service.server_addresses.address": _("Server address"),
    "service.server_addresses.place": _("Deployment place"),
    "service.technical_supporter": _("Technical supporter"),
    "service.upstream": _("Who runs the chain or platform that the service runs on"),
    "service.upstream_filings": _("Filings of that chain or platform"),
    "service.upstream_filings.number": _("Filing number of the chain or platform"),
    "service.no_upstream_filing_reason": _("Why there is no filing number"),
    "service.has_management_system": _("Is there an information-service management system?"),
    "service.published_rules_url": _("Address of the published rules, convention and user agreement"),
    "service.real_name_methods": _("How users' real names are checked"),
    "service.other_real_name_method": _("Other way of checking real names"),
    "service.log_retention_months": _("Months for which content and logs are kept"),
    "service.complaint_channel": _("Channel for complaints"),
    "service.prior_approval_matters": _("Matters of prior approval"),
    "service.related_licences": _("Related licences held"),
    "service.related_licences.kind": _("Kind of licence"),
    "service.related_licences.publishing_items": _("Sub-items of the network publishing licence"),
    "service.related_licences.number": _("Licence number"),
    "service.related_licences.valid_from": _("Valid from"),
    "service.related_licences.has_no_expiry": _("Valid without end"),
    "service.related_licences.valid_until": _("Valid until"),
    "service.has_service_contact": _("Is there another service contact?"),
    "service.service_contact_name": _("Name of the service contact"),
    "service.service_contact_mobile": _("Mobile number of the service contact"),
    "service.service_contact_email": _("E-mail address of the service contact"),
}

# The heading of one row of a group, before its number.
ROW_LABELS: dict[str, Promise] = {
    "service.websites": _("Website"),
    "service.apps": _("App or client"),
    "service.mini_programs": _("Mini-program"),
    "service.official_accounts": _("Official account"),
    "service.apis": _("API"),
    "service.nodes": _("Node"),
    "service.node_places": _("Place of the nodes"),
    "service.node_countries": _("Country or region"),
    "service.server_addresses": _("Server"),
    "service.upstream_filings": _("Chain or platform"),
    "service.related_licences": _("Licence"),
}

HELP_TEXTS: dict[str, Promise] = {
    "service.service_name": _(
        "The name the public knows the service by; one filing for each service. It is published."
    ),
    "service.service_forms": _("How the public uses the service; several may be chosen."),
    "service.other_service_form": _("Name the form that is not in the list."),
    "service.websites": _(
        "Every website of the service, with its ICP filing number. The address must open and "
        "belong to the applicant."
    ),
    "service.websites.url": _("The whole address; https:// is put before it where it is left out."),
    "service.websites.icp_number": _("As shown at the foot of the website, with province and serial."),
    "service.apps": _("Every app or client through which the service is offered."),
    "service.apps.is_for_computers": _("Programs for computers have neither package name nor filing number."),
    "service.apps.package_name": _("The app's package name or bundle ID, such as com.example.app."),
    "service.apps.filing_number": _(
        "As the communications ministry gave it out, with the letter A at the end, such as 京ICP备12345678号-2A."
    ),
    "service.mini_programs": _(
        "Every mini-program or quick app through which the service is offered, on each platform."
    ),
    "service.mini_programs.platform": _("The app or platform that the mini-program runs in."),
    "service.mini_programs.filing_number": _(
        "With the letter X at the end, such as 京ICP备12345678号-3X; that of a quick app ends with K."
    ),
    "service.apis": _("Every API that users' own programs call."),
    "service.apis.documentation_url": _("The page that describes the API, open to its users."),
    "service.nodes": _("Every node through which users reach the chain."),
    "service.nodes.identity": _(
        "What the chain's network knows the node by: its node ID, public key or account address."
    ),
    "service.official_accounts": _(
        "Official accounts on other platforms through which the service is offered."
    ),
    "service.application_fields": _(
        "Published, and counted in the public statistics; several may be chosen."
    ),
    "service.other_application_field": _("Name the field that is not in the list."),
    "service.description": _(
        "What is written to the chain, by whom, and what users do with it. Vague prose is the "
        "most common reason for rejection."
    ),
    "service.service_started_on": _(
        "The day on which the service was first offered to the public. Filing is due within 10 "
        "working days of it."
    ),
    "service.late_reason": _("Needed only when the service started more than 10 working days ago."),
    "service.chain_kind": _(
        "Decides what is asked about the chain: contract addresses only on public chains."
    ),
    "service.consensus": _("The mechanism in use, by its name."),
    "service.node_count": _("All nodes of the chain that you know of, at home and abroad."),
    "service.node_places": _(
        "Each place with the number of nodes there; together they give the number of nodes."
    ),
    "service.node_countries": _(
        "Each country or region with its share of the chain's nodes, as far as you can know it; an estimate will do."
    ),
    "service.has_nodes_abroad": _("Nodes outside mainland China have to be explained."),
    "service.nodes_abroad_explanation": _(
        "Where they are, who runs them, what data they hold, and why they are needed."
    ),
    "service.server_addresses": _(
        "Every server of the service: its IP address or host name, and where it stands."
    ),
    "service.server_addresses.address": _("An IP address or a host name."),
    "service.technical_supporter": _("The organisation that gives the technical support, if it is another."),
    "service.upstream": _(
        "Whoever gives others a chain, a platform or other technical support has to file it as well (Art. 2). The "
        "register shows both filings beside each other."
    ),
    "service.upstream_filings": _(
        "Each chain or platform of somebody else that the service stands on, with its filing number."
    ),
    "service.upstream_filings.number": _(
        "The number that the provider got for its own service; it stands at the foot of its site, and in the register."
    ),
    "service.no_upstream_filing_reason": _(
        "For example a public chain that nobody runs, or a provider whose filing is under review: name it and say so."
    ),
    "service.has_management_system": _(
        "User registration, content review, emergency response and security protection; the "
        "documents are attached."
    ),
    "service.published_rules_url": _("They must be published and open to everybody."),
    "service.real_name_methods": _(
        "A user whose identity is not authenticated may not be served; several may be chosen."
    ),
    "service.other_real_name_method": _("Describe the way that is not in the list."),
    "service.log_retention_months": _("At least 6 months."),
    "service.complaint_channel": _(
        "A phone number, address or page through which anyone can complain easily."
    ),
    "service.prior_approval_matters": _(
        "Tick what the service includes, each with its licence scan, or none of the above. A "
        "wrong tick is a common reason for rejection."
    ),
    "service.related_licences": _(
        "Licences and records the applicant holds, each with number, validity and scan. Optional."
    ),
    "service.related_licences.publishing_items": _("As printed on the licence."),
    "service.has_service_contact": _(
        "Only if somebody other than the person in charge answers for this service."
    ),
    "service.service_contact_name": _("Stored encrypted, never published."),
    "service.service_contact_mobile": _("Stored encrypted, never published."),
    "service.service_contact_email": _("Stored encrypted, never published."),
}
