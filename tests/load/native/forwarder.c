/* What does it cost to move the packets alone? The ruler: no keys, no look inside, no memory.
 *
 * One UDP port, as the relay has. Who sends the letter 'h' and a number says hello: numbers 2n and
 * 2n+1 belong together, and whatever one of them sends goes to the other. Prints its port. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PEOPLE 4096
#define SLOTS 16384 /* a power of two, four times the people */
#define BATCH 64
#define ROOM 2048

static struct sockaddr_in person[PEOPLE];
static struct { uint64_t from; int number; } slot[SLOTS];

static uint64_t name_of(const struct sockaddr_in *a) {
    return (uint64_t)a->sin_addr.s_addr << 16 | a->sin_port;
}

static unsigned find(uint64_t from) {
    unsigned at = (unsigned)(from * 0x9e3779b97f4a7c15ull >> 40) % SLOTS;
    while (slot[at].from && slot[at].from != from) at = (at + 1) % SLOTS;
    return at;
}

static void greet(const unsigned char *hello, const struct sockaddr_in *from) {
    unsigned number = hello[1] << 8 | hello[2], at = find(name_of(from));
    if (number >= PEOPLE) return;
    person[number] = *from;
    slot[at].from = name_of(from);
    slot[at].number = number;
}

int main(int count, char **words) {
    static unsigned char room[BATCH][ROOM];
    static struct mmsghdr in[BATCH], out[BATCH];
    static struct iovec pieces[BATCH], going[BATCH];
    static struct sockaddr_in from[BATCH], own = {.sin_family = AF_INET};
    int size = 4 << 20, fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t length = sizeof own;
    if (count != 2 || inet_pton(AF_INET, words[1], &own.sin_addr) != 1) return 2;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&own, sizeof own)) return 2;
    getsockname(fd, (struct sockaddr *)&own, &length);
    printf("%d\n", ntohs(own.sin_port));
    fflush(stdout);
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            pieces[i] = (struct iovec){room[i], ROOM};
            in[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &pieces[i], 1, NULL, 0, 0};
        }
        int got = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL), leaving = 0;
        for (int i = 0; i < got; i++) {
            unsigned at = find(name_of(&from[i]));
            if (room[i][0] == 'h' && in[i].msg_len == 3) {
                greet(room[i], &from[i]);
                sendto(fd, room[i], 3, 0, (struct sockaddr *)&from[i], sizeof from[i]);
            } else if (slot[at].from && person[slot[at].number ^ 1].sin_port) {
                struct sockaddr_in *to = &person[slot[at].number ^ 1];
                going[leaving] = (struct iovec){room[i], in[i].msg_len};
                out[leaving].msg_hdr =
                    (struct msghdr){to, sizeof *to, &going[leaving], 1, NULL, 0, 0};
                leaving++;
            }
        }
        for (int done = 0; done < leaving;) {
            int went = sendmmsg(fd, out + done, leaving - done, 0);
            done += went > 0 ? went : 1;
        }
    }
}
