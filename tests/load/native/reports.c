/* What does a browser say about the media it sends and hears?
 *
 * A sender's report a second for each stream, a receiver's report with or without an estimate, and
 * transport-wide feedback 20 times a second. */

#include "generator.h"

static void send_report(struct generator *g, struct leg *leg, int length) {
    if (g->srtp.protect_rtcp(leg->tx, g->out[0], &length)) g->stats->unsent++;
    else send_burst(g, leg, &length, 1);
}

static unsigned char *block(unsigned char *at, struct source *heard) {
    memset(at, 0, 24);
    put32(at, heard->ssrc);
    put32(at + 8, heard->highest);
    put32(at + 12, 40);
    return at + 24;
}

/* A sender's report, with what we heard of the other's stream of the same kind, and our name. */
static void report_stream(struct generator *g, struct stream *s, struct source *heard) {
    struct leg *leg = &g->leg[s->leg];
    unsigned char *out = g->out[0], *at = out + 28;
    uint64_t now_ns = now_on(CLOCK_REALTIME);
    memcpy(out + 4, s->head + 8, 4);
    put32(out + 8, (uint32_t)(now_ns / SECOND + 2208988800u));
    put32(out + 12, (uint32_t)((now_ns % SECOND << 32) / SECOND));
    put32(out + 16, s->timestamp);
    put32(out + 20, s->packets);
    put32(out + 24, s->bytes);
    if (heard->known) at = block(at, heard);
    put32(out, 0x80c80000u | (heard->known ? 0x01000000u : 0) | (uint32_t)((at - out) / 4 - 1));
    put32(at, 0x81ca0004u);
    memcpy(at + 4, s->head + 8, 4);
    memcpy(at + 8, "\1\6assist\0\0\0\0", 12);
    send_report(g, leg, at + 20 - out);
}

static void report_heard(struct generator *g, struct leg *leg, struct source *heard) {
    unsigned char *out = g->out[0];
    put32(out, 0x81c90007u);
    put32(out + 4, leg->voice);
    unsigned char *at = block(out + 8, heard);
    if (leg->remb) {
        put32(at, 0x8fce0005u);
        put32(at + 4, leg->voice);
        put32(at + 8, 0);
        memcpy(at + 12, "REMB\1\x0d\xe8\x48", 8); /* one stream may take 1 Mbit/s */
        put32(at + 20, heard->ssrc);
        at += 24;
    }
    send_report(g, leg, at - out);
}

/* Transport-wide feedback: all that came since the last one came, each 1 ms after the other. */
static void report_transport(struct generator *g, struct leg *leg) {
    unsigned char *out = g->out[0];
    uint16_t count = leg->heard_to - leg->heard_from + 1;
    struct source *heard = &leg->heard[leg->heard[1].known];
    if (!leg->heard_any || !heard->known || count > 1000) return;
    int length = (22 + count + 3) / 4 * 4;
    memset(out, 0, length);
    put32(out, 0x8fcd0000u | (uint32_t)(length / 4 - 1));
    put32(out + 4, leg->voice);
    put32(out + 8, heard->ssrc);
    put16(out + 12, leg->heard_from);
    put16(out + 14, count);
    put32(out + 16, (uint32_t)(now_on(CLOCK_MONOTONIC) / 64000000) << 8 | (leg->feedbacks++ & 255));
    put16(out + 20, 0x2000 | count);
    memset(out + 22, 4, count);
    send_report(g, leg, length);
    leg->heard_any = 0;
}

void report(struct generator *g, int index) {
    struct leg *leg = &g->leg[index];
    int tick = leg->ticks++;
    if (!leg->remb) report_transport(g, leg);
    if (tick % REPORTS_PER_S == 0) {
        for (int i = 0; i < g->streams; i++) {
            struct stream *s = &g->stream[i];
            if (s->leg == index) report_stream(g, s, &leg->heard[s->clock != 48000]);
        }
        if (leg->heard[1].known) report_heard(g, leg, &leg->heard[1]);
    }
    if (tick % REPORTS_PER_CHECK == 0 && leg->check_length) {
        int length = leg->check_length;
        memcpy(g->out[0], leg->check, length);
        send_burst(g, leg, &length, 1);
    }
}
