/* What a decision did to a row of the state it was given; the store writes accordingly. */
#pragma once

enum row {
    ROW_STORED,  /* as it was loaded */
    ROW_NEW,     /* to insert */
    ROW_CHANGED, /* to update */
    ROW_REMOVED, /* to delete (what an order that failed had planned) */
};

/* Marks a change; a new row stays new. */
static inline void row_touch(enum row *row)
{
    if (*row == ROW_STORED)
        *row = ROW_CHANGED;
}
