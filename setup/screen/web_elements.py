"""Where things are in the web clients of Odoo 14.0 and 16.0, as CSS selectors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Elements:
    """The elements of one web client that another one builds differently.

    `edit_button` is empty where forms can be changed without pressing a button first.
    """

    apps: str
    app: str
    section: str
    menu_item: str
    title: str
    action_menu: str
    action_item: str
    edit_button: str
    suggestion: str
    status: str


ELEMENTS = {
    14: Elements(
        apps=".o_menu_apps > .dropdown > a",
        app=".o_menu_apps .o_app",
        section=".o_menu_sections > li > a",
        menu_item=".o_menu_sections .dropdown-menu.show .o_menu_entry_lvl_2",
        title=".o_control_panel .breadcrumb-item.active",
        action_menu=".o_cp_action_menus .o_dropdown_toggler_btn",
        action_item=".o_cp_action_menus .o_menu_item",
        edit_button=".o_form_button_edit",
        suggestion=".ui-autocomplete:visible .ui-menu-item",
        status=".o_statusbar_status button.btn-primary",
    ),
    16: Elements(
        apps=".o_navbar_apps_menu button",
        app=".o_navbar_apps_menu .o_app",
        section=".o_menu_sections button",
        menu_item=".o_menu_sections .dropdown-menu .dropdown-item",
        title=".o_control_panel .breadcrumb-item.active",
        action_menu=".o_cp_action_menus button.dropdown-toggle",
        action_item=".o_cp_action_menus .dropdown-item",
        edit_button="",
        suggestion=".o-autocomplete--dropdown-item",
        status=".o_statusbar_status button.o_arrow_button_current",
    ),
}
