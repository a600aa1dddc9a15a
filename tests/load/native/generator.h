/* What do the two halves of the generator share? */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define MOST_LEGS 2048
#define MOST_STREAMS (2 * MOST_LEGS)
#define BURST 64        /* packets that are sent in one system call */
#define GULP 8          /* and read */
#define ROOM 1600       /* bytes of a datagram, with what SRTP adds */
#define SECOND 1000000000ull
#define REPORT_NS (50 * SECOND / 1000) /* Chromium's transport-wide feedback at 1 Mbit/s */
#define REPORTS_PER_S 20
#define READ_NS (SECOND / 100)
#define REPORTS_PER_CHECK 50 /* a consent check each 2.5 s */
#define SLOWEST_US 500000
#define MOST_WINDOWS 16
#define MARK 0x41737374u /* "Asst": this payload bears a stamp */
#define STAMP_AT 8       /* in the payload, behind what a codec's own header may take */

typedef int (*packer)(void *context, void *packet, int *length);

struct functions { packer protect, unprotect, protect_rtcp, unprotect_rtcp; };

/* What a camera or a microphone yields over and over: frames of one or more payloads. */
struct media {
    int frames;
    const int *first;   /* of each frame its first payload; one more at the end */
    const int *offset;  /* of each payload in `bytes` */
    const int *size;
    const unsigned char *bytes;
    int stamped;        /* whether payloads may be written into; a decoder would choke */
};

struct stamp { uint64_t sent_ns; uint32_t window, mark; } __attribute__((packed));

/* How late the generator was at worst while one window was open, and what became of the stamped
 * media that it sent meanwhile, whenever that came. */
struct window { uint64_t late_ns, sent, received; uint32_t latency_us[SLOWEST_US + 1]; };

/* What the parent reads; `window` is what it writes: 0 while nothing is measured. */
struct stats {
    volatile uint32_t window;   /* the open one, counted from 1 */
    volatile uint32_t thread;   /* its number at the kernel */
    uint64_t media, reports;    /* whatever arrived while a window was open */
    uint64_t unsent, failed, handed;
    struct window windows[MOST_WINDOWS];
};

struct source { uint32_t ssrc, highest, before; int known; };

struct leg {
    int fd;
    void *tx, *rx;
    unsigned char check[256];
    int check_length;
    int ticks, remb, feedbacks;
    uint32_t voice;                  /* our own voice's SSRC, with which we also report */
    uint16_t transport;              /* the next transport-wide number */
    int heard_any;
    uint16_t heard_from, heard_to;   /* transport-wide numbers not yet reported */
    struct source heard[2];          /* voice and picture of the other person */
};

struct stream {
    int leg, clock;
    unsigned char head[64];
    int head_length, at_transport, at_time;
    const struct media *media;
    int frame;
    uint64_t every_ns;
    uint32_t step, timestamp, packets, bytes;
    uint16_t sequence;
};

struct timer { uint64_t due_ns; int stream, leg; }; /* one of the two is -1 */

struct generator {
    struct functions srtp;
    struct stats *stats;
    int side, poll, core, priority;
    uint64_t beat_ns; /* between two times that it wakes up, at least */
    uint64_t halted_ns; /* when the thread last began to rest */
    uint64_t read_ns; /* when the sockets were last looked at */
    volatile int running;
    pthread_t thread;
    int legs, streams, timers;
    struct leg leg[MOST_LEGS];
    struct stream stream[MOST_STREAMS];
    struct timer timer[MOST_STREAMS + MOST_LEGS];
    unsigned char out[BURST][ROOM], in[GULP][ROOM];
};

static inline uint64_t now_on(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static inline void put16(unsigned char *at, uint16_t v) { v = htons(v); memcpy(at, &v, 2); }
static inline void put32(unsigned char *at, uint32_t v) { v = htonl(v); memcpy(at, &v, 4); }
static inline uint16_t get16(const unsigned char *at) { uint16_t v; memcpy(&v, at, 2); return ntohs(v); }
static inline uint32_t get32(const unsigned char *at) { uint32_t v; memcpy(&v, at, 4); return ntohl(v); }

/* generator.c */
void send_burst(struct generator *g, struct leg *leg, int *length, int count);

/* reports.c */
void report(struct generator *g, int index);
