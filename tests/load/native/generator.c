/* Who plays hundreds of phones without becoming the bottleneck?
 *
 * One thread paces the RTP and RTCP of every Leg, protects each packet before it goes out and
 * unprotects each one that comes in. Sockets and SRTP contexts are made elsewhere (relay_peers.py);
 * whatever is not media (STUN, DTLS) is handed back there through a socket pair.
 *
 * A packet carries the time at which it was about to be sent; the kernel says when it arrived.
 * The thread counts against itself, too: how late it was, what it could not send, what it could
 * not unprotect. It shares nothing with its parent but plain numbers that one side writes. */

#include "generator.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* -- a heap of timers: the next one due stands first ---------------------------------------- */

static void sink(struct generator *g, int at) {
    for (;;) {
        int least = at, child = 2 * at + 1;
        for (int i = child; i < child + 2 && i < g->timers; i++)
            if (g->timer[i].due_ns < g->timer[least].due_ns) least = i;
        if (least == at) return;
        struct timer t = g->timer[at];
        g->timer[at] = g->timer[least];
        g->timer[least] = t;
        at = least;
    }
}

static void add_timer(struct generator *g, uint64_t due_ns, int stream, int leg) {
    g->timer[g->timers++] = (struct timer){due_ns, stream, leg};
    for (int at = g->timers / 2 - 1; at >= 0; at--) sink(g, at);
}

/* -- out ------------------------------------------------------------------------------------ */

void send_burst(struct generator *g, struct leg *leg, int *length, int count) {
    struct mmsghdr messages[BURST];
    struct iovec pieces[BURST];
    memset(messages, 0, sizeof messages[0] * count);
    for (int i = 0; i < count; i++) {
        pieces[i] = (struct iovec){g->out[i], length[i]};
        messages[i].msg_hdr.msg_iov = &pieces[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int done = sendmmsg(leg->fd, messages, count, 0);
    if (done < count) g->stats->unsent += count - (done < 0 ? 0 : done);
}

/* One RTP packet into `out`; its length, still unprotected. */
static int fill(struct stream *s, struct leg *leg, int payload, int last, unsigned char *out) {
    const struct media *media = s->media;
    int size = media->size[payload];
    memcpy(out, s->head, s->head_length);
    if (last && s->clock == 90000) out[1] |= 0x80; /* the end of a picture */
    put16(out + 2, s->sequence++);
    put32(out + 4, s->timestamp);
    if (s->at_transport) put16(out + s->at_transport, leg->transport++);
    memcpy(out + s->head_length, media->bytes + media->offset[payload], size);
    s->packets++;
    s->bytes += size;
    return s->head_length + size;
}

static void send_frame(struct generator *g, struct stream *s) {
    struct leg *leg = &g->leg[s->leg];
    const struct media *media = s->media;
    int first = media->first[s->frame], end = media->first[s->frame + 1];
    int length[BURST];
    if (end > first + BURST) end = first + BURST;
    for (int i = first; i < end; i++) {
        unsigned char *out = g->out[i - first];
        length[i - first] = fill(s, leg, i, i == end - 1, out);
        uint64_t now_ns = now_on(CLOCK_REALTIME);
        if (s->at_time) { /* seconds in 6.18 bits, as abs-send-time has it */
            uint32_t time = (uint32_t)((now_ns % (64 * SECOND)) * 262144 / SECOND);
            out[s->at_time] = time >> 16;
            out[s->at_time + 1] = time >> 8;
            out[s->at_time + 2] = time;
        }
        if (media->stamped) {
            struct stamp stamp = {now_ns, g->stats->window, MARK};
            memcpy(out + s->head_length + STAMP_AT, &stamp, sizeof stamp);
            if (stamp.window) g->stats->windows[stamp.window - 1].sent++;
        }
        if (g->srtp.protect(leg->tx, out, &length[i - first])) g->stats->unsent++;
    }
    send_burst(g, leg, length, end - first);
    s->frame = (s->frame + 1) % media->frames;
    s->timestamp += s->step;
}

/* -- in ------------------------------------------------------------------------------------- */

/* Where the payload begins; notes the transport-wide number (extension 3) on the way. */
static int payload_of(struct leg *leg, const unsigned char *packet, int length) {
    int at = 12 + 4 * (packet[0] & 15);
    if (!(packet[0] & 0x10) || at + 4 > length) return at;
    int end = at + 4 + 4 * get16(packet + at + 2);
    if (end > length) return length;
    for (int i = at + 4; i < end;) {
        if (!packet[i]) { i++; continue; }
        if (packet[i] == 0x31) {
            uint16_t number = get16(packet + i + 1);
            if (!leg->heard_any) leg->heard_from = number;
            if (!leg->heard_any || (int16_t)(number - leg->heard_to) > 0) leg->heard_to = number;
            leg->heard_any = 1;
        }
        i += 2 + (packet[i] & 15);
    }
    return end;
}

static void note_source(struct leg *leg, const unsigned char *packet) {
    struct source *heard = &leg->heard[(packet[1] & 127) != 111];
    uint16_t sequence = get16(packet + 2);
    uint32_t ssrc = get32(packet + 8);
    if (!heard->known || heard->ssrc != ssrc) *heard = (struct source){ssrc, sequence, 0, 1};
    if (sequence < 0x4000 && (heard->highest & 0xffff) > 0xc000) heard->highest += 0x10000;
    heard->highest = (heard->highest & 0xffff0000u) | sequence;
}

static void take_rtp(struct generator *g, struct leg *leg, unsigned char *packet, int length,
                     uint64_t arrived_ns) {
    struct stats *stats = g->stats;
    if (g->srtp.unprotect(leg->rx, packet, &length)) { stats->failed++; return; }
    int at = payload_of(leg, packet, length) + STAMP_AT;
    struct stamp stamp;
    note_source(leg, packet);
    if (stats->window) stats->media++;
    if (at + (int)sizeof stamp > length) return;
    memcpy(&stamp, packet + at, sizeof stamp);
    if (stamp.mark != MARK || !stamp.window || stamp.window > MOST_WINDOWS) return;
    struct window *window = &stats->windows[stamp.window - 1];
    uint64_t took_us = arrived_ns > stamp.sent_ns ? (arrived_ns - stamp.sent_ns) / 1000 : 0;
    window->latency_us[took_us < SLOWEST_US ? took_us : SLOWEST_US]++;
    window->received++;
}

static void take(struct generator *g, int index, unsigned char *packet, int length,
                 uint64_t arrived_ns) {
    struct leg *leg = &g->leg[index];
    if (length >= 12 && packet[0] >> 6 == 2 && (packet[1] < 192 || packet[1] > 223)) {
        take_rtp(g, leg, packet, length, arrived_ns);
    } else if (length >= 12 && packet[0] >> 6 == 2) {
        if (g->srtp.unprotect_rtcp(leg->rx, packet, &length)) g->stats->failed++;
        else if (g->stats->window) g->stats->reports++;
    } else {
        uint32_t number = index;
        struct iovec pieces[2] = {{&number, 4}, {packet, length}};
        struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
        if (sendmsg(g->side, &message, MSG_DONTWAIT) > 0) g->stats->handed++;
    }
}

static uint64_t arrival_of(struct msghdr *message) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec t;
            memcpy(&t, CMSG_DATA(c), sizeof t);
            return t.tv_sec * SECOND + t.tv_nsec;
        }
    return now_on(CLOCK_REALTIME);
}

static void receive(struct generator *g, int index) {
    struct mmsghdr messages[GULP];
    struct iovec pieces[GULP];
    char control[GULP][64];
    int count;
    do {
        for (int i = 0; i < GULP; i++) {
            pieces[i] = (struct iovec){g->in[i], ROOM};
            messages[i].msg_hdr = (struct msghdr){
                NULL, 0, &pieces[i], 1, control[i], sizeof control[i], 0};
        }
        count = recvmmsg(g->leg[index].fd, messages, GULP, MSG_DONTWAIT, NULL);
        for (int i = 0; i < count; i++)
            take(g, index, g->in[i], messages[i].msg_len, arrival_of(&messages[i].msg_hdr));
    } while (count == GULP);
}

/* -- the thread -----------------------------------------------------------------------------
 *
 * It sleeps by the clock and never in a socket: a relay's sending then wakes nobody, as it would
 * wake nobody behind a network card. Arrival is what the kernel noted, however late it is read. */

static void settle(struct generator *g) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(g->core, &cores);
    struct sched_param how = {.sched_priority = g->priority};
    g->stats->thread = syscall(SYS_gettid);
    if (g->core >= 0) sched_setaffinity(0, sizeof cores, &cores);
    if (g->priority) sched_setscheduler(0, SCHED_RR, &how);
}

static uint64_t run_due(struct generator *g) {
    for (;;) {
        struct timer *t = &g->timer[0];
        uint64_t now_ns = now_on(CLOCK_MONOTONIC);
        if (t->due_ns > now_ns) return t->due_ns;
        uint64_t late_ns = now_ns - t->due_ns;
        uint32_t open = g->stats->window;
        if (open && late_ns > g->stats->windows[open - 1].late_ns)
            g->stats->windows[open - 1].late_ns = late_ns;
        if (t->stream >= 0) send_frame(g, &g->stream[t->stream]);
        else report(g, t->leg);
        t->due_ns += t->stream >= 0 ? g->stream[t->stream].every_ns : REPORT_NS;
        sink(g, 0);
    }
}

static void *work(void *argument) {
    struct generator *g = argument;
    static struct epoll_event ready[MOST_LEGS];
    settle(g);
    while (g->running) {
        uint64_t due_ns = run_due(g), now_ns = now_on(CLOCK_MONOTONIC);
        if (now_ns - g->read_ns >= READ_NS) {
            int count = epoll_wait(g->poll, ready, MOST_LEGS, 0);
            for (int i = 0; i < count; i++) receive(g, ready[i].data.u32);
            g->read_ns = now_ns;
        }
        if (due_ns > g->read_ns + READ_NS) due_ns = g->read_ns + READ_NS;
        due_ns = (due_ns / g->beat_ns + 1) * g->beat_ns; /* due together, sent together */
        struct timespec due = {due_ns / SECOND, due_ns % SECOND};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
    return NULL;
}

/* -- what the parent calls ------------------------------------------------------------------ */

const unsigned long generator_stats_bytes = sizeof(struct stats);

struct generator *generator_new(struct functions srtp, struct stats *stats, int side) {
    struct generator *g = calloc(1, sizeof *g);
    g->srtp = srtp;
    g->stats = stats;
    g->side = side;
    g->halted_ns = now_on(CLOCK_MONOTONIC);
    g->poll = epoll_create1(EPOLL_CLOEXEC);
    return g;
}

int generator_leg(struct generator *g, int fd, void *tx, void *rx, const void *check,
                  int check_length, uint32_t voice, int remb, uint64_t in_ns) {
    int on = 1, index = g->legs;
    if (index == MOST_LEGS || check_length > 256) return -1;
    struct leg *leg = &g->leg[g->legs++];
    leg->fd = fd;
    leg->tx = tx;
    leg->rx = rx;
    memcpy(leg->check, check, check_length);
    leg->check_length = check_length;
    leg->voice = voice;
    leg->remb = remb;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    epoll_ctl(g->poll, EPOLL_CTL_ADD, fd, &event);
    add_timer(g, g->halted_ns + in_ns, -1, index);
    return index;
}

int generator_stream(struct generator *g, int leg, const void *head, int head_length,
                     int at_transport, int at_time, const struct media *media, int clock,
                     uint64_t every_ns, uint64_t in_ns) {
    int index = g->streams;
    if (index == MOST_STREAMS || head_length > 64) return -1;
    struct stream *s = &g->stream[g->streams++];
    memcpy(s->head, head, head_length);
    s->head_length = head_length;
    s->leg = leg;
    s->clock = clock;
    s->at_transport = at_transport;
    s->at_time = at_time;
    s->media = media;
    s->every_ns = every_ns;
    s->step = (uint32_t)((every_ns * clock + SECOND / 2) / SECOND);
    add_timer(g, g->halted_ns + in_ns, index, -1);
    return index;
}

int generator_start(struct generator *g, int core, int priority, uint64_t beat_ns) {
    g->beat_ns = beat_ns;
    g->core = core;
    g->priority = priority;
    g->running = 1;
    /* Nothing is made up for, and no two streams fall into step that were not. */
    uint64_t rested_ns = now_on(CLOCK_MONOTONIC) - g->halted_ns;
    for (int i = 0; i < g->timers; i++) g->timer[i].due_ns += rested_ns;
    return pthread_create(&g->thread, NULL, work, g);
}

void generator_stop(struct generator *g) {
    g->running = 0;
    pthread_join(g->thread, NULL);
    g->halted_ns = now_on(CLOCK_MONOTONIC);
}

void generator_free(struct generator *g) {
    close(g->poll);
    free(g);
}
