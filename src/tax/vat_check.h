/* Asking whether a VAT number exists: the answers of a service, and when it is asked again
 * (docs/tax.md). Pure; vat_provider_do.h asks. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

/* What a service says of a number. Unknown: it says nothing, or nothing that can be relied on. */
enum vat_answer { VAT_UNKNOWN, VAT_VALID, VAT_INVALID };

/* What is asked. */
struct vat_question {
    const char *vat_id;    /* well-formed: with its prefix */
    const char *requester; /* the seller's own number, for a proof; NULL or "": none */
};

/* What comes back. Texts may be NULL. */
struct vat_reply {
    enum vat_answer answer;
    const char *proof;  /* the service's own name of the consultation */
    const char *trader; /* whose number it is */
    const char *reason; /* why nothing is known: "timeout", "http_503", "MS_UNAVAILABLE" */
};

/* One answer, as it is kept. */
struct vat_check {
    const char *id;
    const char *account;
    const char *vat_id;
    struct vat_reply reply;
    const char *provider;
    civil_day answered_on; /* a day of the account's time zone */
    instant created_at;
};
LIST_TYPE(vat_check_list, struct vat_check);

/* The body of a question, as the European Commission's service VIES takes it. */
const char *vat_question_encode(struct context *cx, const struct vat_question *question);
/* Reads the answer of such a service. What is not one, or is about another number, is unknown. */
struct vat_reply vat_reply_decode(struct context *cx, const struct vat_question *question,
                                  int64_t status, const char *body, size_t size);

/* How long to wait before asking again: after an answer some weeks, else longer and longer.
 * `attempts` without an answer so far. */
int64_t vat_wait_ms(enum vat_answer answer, int64_t attempts);

const char *vat_answer_format(enum vat_answer answer);
enum vat_answer vat_answer_parse(const char *text);
