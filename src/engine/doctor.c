#include "engine/doctor.h"

#include "base/limits.h"
#include "base/money.h"

static const char *const COUNTS[DOCTOR_COUNT_COUNT] = {
    [DOCTOR_CATALOGS] = "catalogs", [DOCTOR_CUSTOMERS] = "customers",
    [DOCTOR_ACCOUNTS] = "accounts", [DOCTOR_SUBSCRIPTIONS] = "subscriptions",
    [DOCTOR_ORDERS] = "orders",     [DOCTOR_DOCUMENTS] = "documents",
    [DOCTOR_LINES] = "lines",       [DOCTOR_PAYMENTS] = "payments",
    [DOCTOR_POSTINGS] = "postings", [DOCTOR_EVENTS] = "events",
};

const char *doctor_count_name(enum doctor_count count)
{
    return COUNTS[count];
}

void doctor_note(struct doctor *doctor, const char *where, const char *expected, const char *found)
{
    doctor->fault_count++;
    if (doctor->faults.count == DOCTOR_FAULTS_MAX)
        return;
    struct doctor_fault *fault = ARENA_NEW(doctor->arena, struct doctor_fault);
    fault->check = doctor->check;
    fault->where = arena_copy(doctor->arena, where ? where : "");
    fault->expected = arena_copy(doctor->arena, expected ? expected : "nothing");
    fault->found = arena_copy(doctor->arena, found ? found : "nothing");
    list_push(doctor->arena, &doctor->faults, fault);
}

void doctor_compare(struct doctor *doctor, const char *where, int64_t expected, int64_t found)
{
    if (expected == found)
        return;
    char expected_text[DECIMAL_SIZE], found_text[DECIMAL_SIZE];
    decimal_format(expected, 0, expected_text);
    decimal_format(found, 0, found_text);
    doctor_note(doctor, where, expected_text, found_text);
}
