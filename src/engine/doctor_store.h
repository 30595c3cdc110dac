/* The doctor's checks, each a select of the rows that break it. */
#pragma once

#include "base/context.h"
#include "base/list.h"

/* A row that breaks an invariant. */
struct doctor_fault {
    const char *check;    /* name of the check */
    const char *place;    /* id of what is wrong */
    const char *expected; /* as text */
    const char *found;
};
LIST_TYPE(doctor_fault_list, struct doctor_fault);

/* How many checks there are, and the name of one. */
size_t doctor_check_count(void);
const char *doctor_check_name(size_t index);

/* Runs one check over all customers; adds at most DOCTOR_FAULTS_MAX faults. */
enum { DOCTOR_FAULTS_MAX = 100 };
enum err doctor_check(struct context *cx, size_t index, struct doctor_fault_list *faults);
