// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the two files that fill a community share. Private to app/.
#pragma once

#include "app/demo.h"

#include "app/app.sql.h"

struct fill_person {
	account_id id;
	ms created;
	int32_t model; // index of the account of the demo world it is like
	int32_t notes, followers, following, liked;
};
struct fill_like {
	uint32_t account, note; // indices
	ms at;
};
struct fill_topic {
	str name, shown;
	int64_t notes;
	note_id source; // the first of them
};

// Texts of one language, taken apart to be mixed anew.
struct fill_words {
	lang language;
	LIST(str) titles, lines, remarks;
	LIST(int) topics; // indices
};

struct filling {
	struct app *app;
	struct demo_world *world;
	struct arena *mem; // as long as the filling
	struct dice dice;
	ms start, end; // when the notes are written
	int64_t n_notes, n_people;
	struct fill_person *people;
	note_id *notes;
	LIST(struct fill_like) likes; // on the heap
	LIST(struct fill_topic) topics;
	LIST(struct fill_words) words;
	LIST(struct picture) pictures; // that are used again and again
	int64_t done, total;           // for the progress bar
	int64_t next;                  // of whatever is being written
	bool hosted;                   // the host is there already, without numbers
};

// Takes the world's texts apart.
void fill_words_read(struct filling *);
str fill_title(struct filling *, const struct fill_words *);
str fill_body(struct filling *, const struct fill_words *, struct arena *);
const struct fill_words *fill_words_of(struct filling *, const struct fill_person *);
// How many: mostly few, seldom very many (Pareto, exponent a), at most `most`.
int64_t fill_many(struct filling *, double scale, double a, int64_t most);
