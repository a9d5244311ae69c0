// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which addresses are somebody else's on the public Internet. Of IPv6 what is not global unicast is refused as
// a whole; so are forms that carry an address of IPv4, which would have to be judged again: mapped, NAT64, 6to4,
// Teredo. And whatever this machine has itself: behind it listens this server.
#include "egress/inside.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

struct range {
	unsigned char prefix[16];
	int bits;
	const char *why;
};

// After the registries of special-purpose addresses (RFC 6890).
static const struct range ranges_4[] = {
	{{0}, 8, "unspecified"},
	{{10}, 8, "private"},
	{{100, 64}, 10, "carrier-grade NAT"},
	{{127}, 8, "loopback"},
	{{169, 254}, 16, "link-local"},
	{{172, 16}, 12, "private"},
	{{192, 0, 0}, 24, "reserved"},
	{{192, 0, 2}, 24, "documentation"},
	{{192, 88, 99}, 24, "6to4 relay"},
	{{192, 168}, 16, "private"},
	{{198, 18}, 15, "benchmarks"},
	{{198, 51, 100}, 24, "documentation"},
	{{203, 0, 113}, 24, "documentation"},
	{{224}, 4, "multicast"},
	{{240}, 4, "reserved or broadcast"},
};

static const struct range ranges_6[] = {
	{{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
	{{0x20, 0x01}, 23, "protocol assignments, Teredo"},
	{{0x20, 0x02}, 16, "6to4"},
	{{0x3f, 0xff}, 20, "documentation"},
};
static const struct range global_6 = {{0x20}, 3, NULL};

static bool within(const unsigned char *address, const struct range *range)
{
	int whole = range->bits / 8, rest = range->bits % 8;
	unsigned char mask = (unsigned char)(0xff00 >> rest);
	return memcmp(address, range->prefix, (size_t)whole) == 0 &&
	       (rest == 0 || (address[whole] & mask) == (range->prefix[whole] & mask));
}

static const char *first_of(const struct range *ranges, ptrdiff_t n, const unsigned char *address)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (within(address, &ranges[i]))
			return ranges[i].why;
	return NULL;
}

// The bytes of an address, how many, and 0 of another family than the Internet's.
static size_t bytes_of(const struct sockaddr *at, unsigned char out[16])
{
	if (at->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, at, sizeof in);
		memcpy(out, &in.sin_addr, 4);
		return 4;
	}
	if (at->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, at, sizeof in);
		memcpy(out, &in.sin6_addr, 16);
		return 16;
	}
	return 0;
}

// When the system does not say what it has, everything is taken for its own.
static bool is_own(const unsigned char *address, size_t n)
{
	struct ifaddrs *all;
	bool own = false;
	if (getifaddrs(&all) != 0)
		return true;
	for (const struct ifaddrs *one = all; one && !own; one = one->ifa_next) {
		unsigned char has[16];
		own = one->ifa_addr && bytes_of(one->ifa_addr, has) == n &&
		      memcmp(has, address, n) == 0;
	}
	freeifaddrs(all);
	return own;
}

const char *address_refused(const struct sockaddr *at)
{
	unsigned char address[16];
	size_t n = bytes_of(at, address);
	if (!n)
		return "no address of the Internet";
	if (n == 16 && !within(address, &global_6))
		return "not global unicast";
	const char *why = n == 4 ? first_of(ranges_4, COUNT(ranges_4), address)
				 : first_of(ranges_6, COUNT(ranges_6), address);
	return why ? why : is_own(address, n) ? "this machine" : NULL;
}

static const char *literal_refused(str host)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	char text[INET6_ADDRSTRLEN];
	if (host.n >= (ptrdiff_t)sizeof text)
		return "no address";
	memcpy(text, host.p, (size_t)host.n);
	text[host.n] = '\0';
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_refused((struct sockaddr *)&in);
	if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		return address_refused((struct sockaddr *)&in6);
	return "no address";
}

const char *name_refused(const struct target *t)
{
	static const str inner[] = {STR_INIT(".localhost"), STR_INIT(".local"),
		STR_INIT(".internal"), STR_INIT(".home.arpa"), STR_INIT(".lan"),
		STR_INIT(".intranet")};
	str host = t->host;
	if (t->literal)
		return literal_refused(host);
	if (str_ends(host, S(".")))
		host.n--;
	if (str_find_char(host, '.') < 0)
		return "a name of the local network";
	for (int i = 0; i < COUNT(inner); i++)
		if (str_ends(host, inner[i]))
			return "a name of the local network";
	return NULL;
}
