// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Hosts that fail are left alone: three failures in a row make a pause of a minute, and each that follows a pause
// doubles it, up to an hour. Who says how long to wait (Retry-After) is believed at once, for up to a day.
#include "egress/inside.h"

#include <string.h>

#define FAILURES 3
#define FIRST MS_MINUTE
#define LONGEST MS_HOUR
#define WAIT_MOST MS_DAY
#define PLACES_MOST 1000 // then those whose pause is over are forgotten, and if need be all

struct place {
	int failures;
	ms length; // of its last pause
	ms until;
};

struct pauses {
	struct lock lock;     // guards the map
	struct strmap places; // of struct place, on the heap
};

struct pauses *pauses_new(void)
{
	struct pauses *p = mem_new(1, (ptrdiff_t)sizeof *p);
	lock_init(&p->lock);
	return p;
}

static void forget_all(struct pauses *p)
{
	str key;
	void *value;
	for (ptrdiff_t i = 0; strmap_next(&p->places, &i, &key, &value);)
		mem_free(value);
	strmap_free(&p->places);
	p->places = (struct strmap){0};
}

void pauses_free(struct pauses *p)
{
	forget_all(p);
	mem_free(p);
}

static void forget_some(struct pauses *p, ms now)
{
	struct strmap kept = {0};
	str key;
	void *value;
	for (ptrdiff_t i = 0; strmap_next(&p->places, &i, &key, &value);)
		if (((struct place *)value)->until > now)
			strmap_put(&kept, key, value);
		else
			mem_free(value);
	strmap_free(&p->places);
	p->places = kept;
	if (p->places.n >= PLACES_MOST)
		forget_all(p);
}

static struct place *place_of(struct pauses *p, str name, ms now)
{
	struct place *place = strmap_get(&p->places, name);
	if (place)
		return place;
	if (p->places.n >= PLACES_MOST)
		forget_some(p, now);
	place = mem_new(1, (ptrdiff_t)sizeof *place);
	strmap_put(&p->places, name, place);
	return place;
}

ms pause_until(struct pauses *p, str name, ms now)
{
	lock_take(&p->lock);
	const struct place *place = strmap_get(&p->places, name);
	ms until = place && place->until > now ? place->until : 0;
	lock_release(&p->lock);
	return until;
}

void pause_worked(struct pauses *p, str name)
{
	lock_take(&p->lock);
	mem_free(strmap_del(&p->places, name));
	lock_release(&p->lock);
}

void pause_failed(struct pauses *p, str name, ms began, ms now, ms wait)
{
	lock_take(&p->lock);
	struct place *place = place_of(p, name, now);
	if (wait > 0)
		place->until = MAX(place->until, now + MIN(wait, WAIT_MOST));
	// What began before a pause says nothing new of the host.
	bool news = began >= place->until;
	if (wait <= 0 && news && ++place->failures >= FAILURES) {
		place->length = place->length ? MIN(2 * place->length, LONGEST) : FIRST;
		place->until = now + place->length;
	}
	lock_release(&p->lock);
}
