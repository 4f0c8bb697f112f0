"""A register of twenty years, made with SQL in a second, and the faults that it has."""

import json

from .series import flush, invalidate

DAYS_AGO = 900


class OldRegister:
    """Makes people and operations by the thousand; mixed into cases.

    The rows are copies of Flora's, who founded the cooperative.
    """

    @classmethod
    def copy_rows(cls, table, template, rows):
        """Insert copies of a row.

        :param template: the id of the row that is copied
        :param rows: what is different in each copy, by column
        :return: their ids
        """
        cls.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            [f"{table}_id_seq", len(rows)],
        )
        ids = [new_id for (new_id,) in cls.env.cr.fetchall()]
        values = [{**row, "id": new_id} for row, new_id in zip(rows, ids)]
        cls.env.cr.execute(
            f"INSERT INTO {table} SELECT made.* FROM {table} template,"
            " jsonb_array_elements(%s::jsonb) row,"
            " jsonb_populate_record(template, row) made WHERE template.id = %s",
            [json.dumps(values, default=str), template],
        )
        return ids

    @classmethod
    def make_people(cls, numbers):
        """Make a member for each cooperator number.

        :return: the ids of the partners
        """
        flora = cls.flora.partner_id
        people = cls.copy_rows(
            "res_partner",
            flora.id,
            [
                {"name": f"Member {number}", "display_name": f"Member {number}"}
                for number in numbers
            ],
        )
        cls.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
            [people],
        )
        cls.copy_rows(
            "cooperative_membership",
            cls.membership_of(flora).id,
            [
                {"partner_id": partner, "cooperator_register_number": number}
                for partner, number in zip(people, numbers)
            ],
        )
        return people

    @classmethod
    def make_operations(cls, operations):
        """Make register lines.

        :param operations: ``[(number, partner, type, quantity)]``
        """
        template = cls.env["subscription.register"].search(
            [("partner_id", "=", cls.flora.partner_id.id)]
        )
        cls.copy_rows(
            "subscription_register",
            template.id,
            [
                {
                    "name": str(number),
                    "register_number_operation": number,
                    "partner_id": partner,
                    "type": kind,
                    "quantity": quantity,
                    "date": cls.days_ago(DAYS_AGO),
                    "capital_release_request_id": None,
                }
                for number, partner, kind, quantity in operations
            ],
        )

    @classmethod
    def make_share_lines(cls, lines):
        """Make share lines.

        :param lines: ``[(partner, quantity)]``
        """
        template = cls.env["share.line"].search(
            [("partner_id", "=", cls.flora.partner_id.id)]
        )
        cls.copy_rows(
            "share_line",
            template.id,
            [
                {
                    "partner_id": partner,
                    "share_number": quantity,
                    "effective_date": cls.days_ago(DAYS_AGO),
                    "capital_release_request_id": None,
                }
                for partner, quantity in lines
            ],
        )

    @classmethod
    def allow_double_numbers(cls):
        """Make this database like one that has double numbers, see the builders."""
        cls.allow_several_register_lines_per_operation()
        cls.env.cr.execute(
            "ALTER TABLE cooperative_membership DROP CONSTRAINT IF EXISTS"
            " cooperative_membership_company_id_cooperator_register_numbe_key"
        )

    @classmethod
    def execute(cls, query, *parameters):
        """Do what nobody could do through Odoo."""
        flush(cls.env)
        cls.env.cr.execute(query, parameters)
        invalidate(cls.env)

    # ------------------------------------------------------------------ the faults

    @classmethod
    def number_operation(cls, partner, kind, number):
        """Give a person's newest operation of a kind another number."""
        cls.execute(
            "UPDATE subscription_register SET register_number_operation = %s, name = %s"
            " WHERE id = (SELECT max(id) FROM subscription_register"
            " WHERE company_id = %s AND partner_id = %s AND type = %s)",
            number,
            str(number),
            cls.company.id,
            partner,
            kind,
        )

    @classmethod
    def number_member(cls, partner, number):
        """Give a person another cooperator number, or none."""
        cls.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = %s"
            " WHERE company_id = %s AND partner_id = %s",
            number,
            cls.company.id,
            partner,
        )

    @classmethod
    def forget_person(cls, partner):
        """Delete all that a person has had, which leaves two gaps."""
        for table in ("subscription_register", "share_line"):
            cls.execute(
                f"DELETE FROM {table} WHERE company_id = %s AND partner_id = %s",
                cls.company.id,
                partner,
            )
        cls.execute(
            "DELETE FROM cooperative_membership WHERE company_id = %s"
            " AND partner_id = %s",
            cls.company.id,
            partner,
        )

    @classmethod
    def oversell(cls, partner):
        """Let a person's sale be one of shares that were never there."""
        cls.execute(
            "UPDATE subscription_register SET quantity = 100 WHERE company_id = %s"
            " AND partner_id = %s AND type = 'sell_back'",
            cls.company.id,
            partner,
        )

    @classmethod
    def delete_share_lines(cls, partner):
        cls.execute(
            "DELETE FROM share_line WHERE company_id = %s AND partner_id = %s",
            cls.company.id,
            partner,
        )

    @classmethod
    def change_share_lines(cls, partner):
        """Give a person ten times as many shares."""
        cls.execute(
            "UPDATE share_line SET share_number = 10 * share_number"
            " WHERE company_id = %s AND partner_id = %s",
            cls.company.id,
            partner,
        )

    @classmethod
    def end_membership(cls, partner):
        """Somebody with shares is no member."""
        cls.execute(
            "UPDATE cooperative_membership SET member = false WHERE company_id = %s"
            " AND partner_id = %s",
            cls.company.id,
            partner,
        )
