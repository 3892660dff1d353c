"""Who may see what: accounts, roles, editions cut to a person's view, and the record of what was seen.

Pure library, no Streamlit and no Dagster. A person queries a database that holds only what that person may see
(``scoped``); what that is follows from the account (``accounts``), its role and the marts' rules (``roles``, ``rules``:
data under ``seeds/access``). Views of personal data, exports and decisions are written to ``audit`` first.
"""
