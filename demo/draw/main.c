/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Draws the pictures of the demo world.
 *
 *     qiao-draw [-j N] OUTDIR FILE.json…               every picture the files name, as OUTDIR/<name>.jpg
 *     qiao-draw --one SCENE SEED RATIO [HEADLINE] FILE one picture (JPEG, or PNG by its ending)
 *     qiao-draw --sheet FILE.png [SEED] [SCENE…]       all scenes (or those named), three seeds each
 *     qiao-draw --list                                 names of the scenes
 *
 * File names are in name.h. Work is shared by processes, not threads, which take the next picture from a
 * counter in shared memory. Files that exist are left alone.
 */
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "name.h"
#include "plan.h"
#include "render.h"
#include "scenes.h"

struct progress {
	atomic_size_t next, done, failed;
};

static int usage(void)
{
	fputs("usage: qiao-draw [-j N] OUTDIR FILE.json...\n"
	      "       qiao-draw --one SCENE SEED RATIO [HEADLINE] FILE\n"
	      "       qiao-draw --sheet FILE.png [SEED] [SCENE...]\n"
	      "       qiao-draw --list\n",
		stderr);
	return 2;
}

static bool draw_file(const struct request *r, const char *dir)
{
	char name[PICTURE_NAME_MAX], path[4000];
	int n;

	if (!picture_name(name, sizeof name, r->scene, r->seed, r->ratio, r->headline))
		return false;
	n = snprintf(path, sizeof path, "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof path)
		return false;
	if (!access(path, R_OK))
		return true;
	if (render_jpeg(r, path))
		return true;
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return false;
}

static void work(const struct plan *plan, const char *dir, struct progress *progress, bool tell)
{
	size_t i;

	while ((i = atomic_fetch_add(&progress->next, 1)) < plan->count) {
		if (!draw_file(&plan->pictures[i], dir))
			atomic_fetch_add(&progress->failed, 1);
		atomic_fetch_add(&progress->done, 1);
		if (tell)
			fprintf(stderr, "\r%zu / %zu", atomic_load(&progress->done), plan->count);
	}
}

static int draw_all(const struct plan *plan, const char *dir, long jobs)
{
	bool tell = isatty(STDERR_FILENO);
	struct progress *progress = mmap(
		NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, bad = 0;

	if (progress == MAP_FAILED || (mkdir(dir, 0777) && errno != EEXIST)) {
		perror(dir);
		return 1;
	}
	fflush(NULL);
	for (long i = 1; i < jobs; i++)
		if (fork() == 0) {
			work(plan, dir, progress, tell);
			_exit(0);
		}
	work(plan, dir, progress, tell);
	while (wait(&status) > 0)
		bad |= status;
	if (tell)
		fputc('\n', stderr);
	return bad || atomic_load(&progress->failed) ? 1 : 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static int draw_one(int argc, char **argv)
{
	struct request r = {0};
	const char *path = argv[argc - 1];

	if (argc != 4 && argc != 5)
		return usage();
	r.scene = argv[0];
	r.seed = strtoul(argv[1], NULL, 10);
	r.ratio = picture_ratio(argv[2]);
	r.headline = argc == 5 ? argv[3] : NULL;
	if (!r.ratio || !scene_named(r.scene)) {
		fprintf(stderr, "no such scene or ratio\n");
		return 1;
	}
	if (ends_with(path, ".png")) {
		cairo_surface_t *s = render(&r, 1);
		bool ok = cairo_surface_write_to_png(s, path) == CAIRO_STATUS_SUCCESS;

		cairo_surface_destroy(s);
		return ok ? 0 : 1;
	}
	if (render_jpeg(&r, path))
		return 0;
	perror(path);
	return 1;
}

/* Three pictures of each scene in a grid, each at a third of its size. */
static int draw_sheet(int argc, char **argv)
{
	static const char *const ratios[] = {"3x4", "1x1", "3x4"};
	static const char *const titles[] = {"周末去哪儿吃", "Slow Sunday at home", NULL};
	int cell = 200, columns = 12;
	const struct scene *scene;
	unsigned long seed = 1;
	int first = 1, n = 0, total = 0;
	cairo_surface_t *sheet;
	cairo_t *cr;

	if (argc > 1 && argv[1][strspn(argv[1], "0123456789")] == '\0') {
		seed = strtoul(argv[1], NULL, 10);
		first = 2;
	}
	for (size_t i = 0; (argc > first ? (int)i < argc - first : scene_at(i) != NULL); i++)
		total += 3;
	if (total <= 12) {
		cell = 390;
		columns = 4;
	}
	sheet = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns * cell,
		(total + columns - 1) / columns * (cell * 4 / 3));
	cr = cairo_create(sheet);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	for (size_t i = 0; i < (size_t)total / 3; i++) {
		scene = argc > first ? scene_named(argv[first + (int)i]) : scene_at(i);
		for (unsigned long k = 0; scene && k < 3; k++, n++) {
			const char *words = k < 2 ? NULL : titles[i % 3];
			struct request r = {scene->name, seed + k, ratios[k], words};
			cairo_surface_t *s = render(&r, 0.4);
			double z = cell / (double)cairo_image_surface_get_width(s);

			cairo_save(cr);
			cairo_translate(cr, n % columns * cell, n / columns * (cell * 4 / 3));
			cairo_scale(cr, z, z);
			cairo_set_source_surface(cr, s, 0, 0);
			cairo_paint(cr);
			cairo_restore(cr);
			cairo_surface_destroy(s);
		}
	}
	cairo_destroy(cr);
	n = cairo_surface_write_to_png(sheet, argv[0]) == CAIRO_STATUS_SUCCESS ? 0 : 1;
	cairo_surface_destroy(sheet);
	return n;
}

// fontconfig keeps what it read of the fonts until the end of the program: no leak.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

int main(int argc, char **argv)
{
	struct plan plan = {0};
	const struct scene *scene;
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	int option, status = 0;

	if (argc > 1 && !strcmp(argv[1], "--one"))
		return draw_one(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "--sheet"))
		return draw_sheet(argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		for (size_t i = 0; (scene = scene_at(i)); i++)
			puts(scene->name);
		return 0;
	}
	while ((option = getopt(argc, argv, "j:")) != -1) {
		if (option != 'j')
			return usage();
		jobs = strtol(optarg, NULL, 10);
	}
	if (argc - optind < 2 || jobs < 1 || jobs > 64)
		return usage();
	for (int i = optind + 1; i < argc; i++)
		if (!plan_read(&plan, argv[i]))
			status = 1;
	if (draw_all(&plan, argv[optind], jobs))
		status = 1;
	plan_free(&plan);
	return status;
}
