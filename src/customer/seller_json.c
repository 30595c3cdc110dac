#include "customer/seller_json.h"

enum { DAYS_MAX = 366, LICENSES_MAX = 100000 };

void seller_encode_open(struct json_writer *w, const char *name, const struct seller *seller)
{
    json_open_object(w, name);
    json_put_integer(w, "version", seller->version);
    json_put_text(w, "name", seller->name);
    json_put_text(w, "line1", seller->line1);
    json_put_text(w, "line2", seller->line2);
    json_put_text(w, "postal_code", seller->postal_code);
    json_put_text(w, "city", seller->city);
    json_put_text(w, "country", seller->country);
    json_put_text(w, "registration_number", seller->registration_number);
    json_put_text(w, "vat_id", seller->vat_id);
    tax_registrations_encode(w, &seller->registrations);
    json_put_text(w, "bank_name", seller->bank_name);
    json_put_text(w, "iban", seller->iban);
    json_put_text(w, "bic", seller->bic);
    json_put_text(w, "legal_note", seller->legal_note);
}

enum err seller_decode(struct json_reader *r, struct seller *seller)
{
    TRY(json_text(r, "name", OPTIONAL, &seller->name));
    TRY(json_text(r, "line1", OPTIONAL, &seller->line1));
    TRY(json_text(r, "line2", OPTIONAL, &seller->line2));
    TRY(json_text(r, "postal_code", OPTIONAL, &seller->postal_code));
    TRY(json_text(r, "city", OPTIONAL, &seller->city));
    TRY(json_text(r, "country", OPTIONAL, &seller->country));
    TRY(json_text(r, "registration_number", OPTIONAL, &seller->registration_number));
    TRY(json_text(r, "vat_id", OPTIONAL, &seller->vat_id));
    TRY(tax_registrations_decode(r, &seller->registrations));
    TRY(json_text(r, "bank_name", OPTIONAL, &seller->bank_name));
    TRY(json_text(r, "iban", OPTIONAL, &seller->iban));
    TRY(json_text(r, "bic", OPTIONAL, &seller->bic));
    TRY(json_text(r, "legal_note", OPTIONAL, &seller->legal_note));
    TRY(json_text(r, "time_zone", OPTIONAL, &seller->time_zone));
    TRY(json_integer(r, "payment_terms_days", OPTIONAL, 0, DAYS_MAX, &seller->payment_terms_days));
    TRY(json_integer(r, "sepa_notice_days", OPTIONAL, 0, DAYS_MAX, &seller->sepa_notice_days));
    return json_integer(r, "cancel_licenses_max", OPTIONAL, 0, LICENSES_MAX,
                        &seller->cancel_licenses_max);
}
