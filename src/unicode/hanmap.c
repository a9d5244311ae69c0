// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A build tool: asks ICU which Chinese characters occur only in simplified or only in traditional
// writing, and prints two bit maps of U+4E00..U+9FFF. So the server opens no transliterator. The
// surprising part is the list of exceptions: characters that simplified writing gave a second
// meaning (后 干 范) are everyday characters of traditional texts too and prove nothing.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <unicode/utrans.h>
#include <unicode/ustring.h>

#define FIRST 0x4e00
#define LAST 0x9fff

static const char both[] = "丑于云仆冲几占后吁夸干征斗朴杰栖泄洒涂灶痒范郁脚着温喂准恒户"
			   "乾瞭藉夥摺";

static UTransliterator *open_transliterator(const char *id)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar name[32];
	u_uastrcpy(name, id);
	UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status)) {
		fprintf(stderr, "ICU has no %s: %s\n", id, u_errorName(status));
		exit(1);
	}
	return t;
}

static bool changes(UTransliterator *t, UChar c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar text[8] = {c, 0};
	int32_t length = 1, limit = 1;
	utrans_transUChars(t, text, &length, 8, 0, &limit, &status);
	return U_SUCCESS(status) && (length != 1 || text[0] != c);
}

static bool in_both(UChar c)
{
	static UChar list[512];
	static int32_t n;
	if (!n) {
		UErrorCode status = U_ZERO_ERROR;
		u_strFromUTF8(list, 512, &n, both, -1, &status);
		if (U_FAILURE(status))
			exit(1);
	}
	return u_memchr(list, c, n) != NULL;
}

static void print_map(const char *name, UTransliterator *there, UTransliterator *back)
{
	printf("const uint8_t %s[] = {", name);
	for (int c = FIRST; c <= LAST; c += 8) {
		unsigned bits = 0;
		for (int i = 0; i < 8; i++) {
			UChar at = (UChar)(c + i);
			bool only = changes(there, at) && !changes(back, at);
			if (only && !in_both(at))
				bits |= 1U << i;
		}
		printf("%s%u,", (c - FIRST) % 128 ? " " : "\n\t", bits);
	}
	printf("\n};\n");
}

int main(void)
{
	UTransliterator *to_hant = open_transliterator("Hans-Hant");
	UTransliterator *to_hans = open_transliterator("Hant-Hans");
	printf("// Written by hanmap.c from ICU's data.\n#include \"unicode/inside.h\"\n\n");
	print_map("only_simplified", to_hant, to_hans);
	print_map("only_traditional", to_hans, to_hant);
	utrans_close(to_hant);
	utrans_close(to_hans);
	return 0;
}
