/* The demonstration: a seller with a catalogue, and organisations that hold something already,
 * replayed through the same use cases as everyone else on a clock that ends now. */
#pragma once

#include "app/demo_file.h"
#include "base/context.h"

/* Publishes the embedded catalogue. */
enum err demo_publish(struct context *cx, civil_day today);

/* Sets the seller's name, country and time zone; before the store's settings are read. */
enum err demo_save_seller(struct context *cx, const struct demo_world *world);

/* Fills an empty store, and prints what there is and the keys of the demonstration people. */
enum err demo_fill(struct context *cx, const struct demo_world *world);
