// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A build tool: asks ICU's table of confusable characters which letters, marks and numbers outside
// ASCII look like ASCII, and prints them sorted. So the server opens no spoof checker.
#include <stdbool.h>
#include <stdio.h>

#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

static bool looks_ascii(const USpoofChecker *checker, UChar32 cp)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar from[2], to[64];
	int32_t n_from = 0;
	U16_APPEND_UNSAFE(from, n_from, cp);
	int32_t n = uspoof_getSkeleton(checker, 0, from, n_from, to, 64, &status);
	if (U_FAILURE(status) || n == 0)
		return false;
	for (int32_t i = 0; i < n; i++)
		if (to[i] >= 0x80)
			return false;
	return true;
}

int main(void)
{
	UErrorCode status = U_ZERO_ERROR;
	USpoofChecker *checker = uspoof_open(&status);
	int n = 0;
	if (U_FAILURE(status)) {
		(void)fprintf(
			stderr, "ICU has no confusable characters: %s\n", u_errorName(status));
		return 1;
	}
	printf("// Written by lookalike.c from ICU's data.\n#include \"unicode/inside.h\"\n\n");
	printf("const uint32_t lookalikes[] = {");
	for (UChar32 cp = 0x80; cp < 0x110000; cp++) {
		if (!(U_GET_GC_MASK(cp) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) ||
			!looks_ascii(checker, cp))
			continue;
		printf("%s0x%x,", n % 12 ? " " : "\n\t", (unsigned)cp);
		n++;
	}
	printf("\n};\nconst int n_lookalikes = %d;\n", n);
	uspoof_close(checker);
	return 0;
}
