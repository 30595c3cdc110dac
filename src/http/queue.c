#include "http/http_private.h"

void queue_open(struct queue *queue)
{
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    queue->first = NULL;
    queue->last = NULL;
    queue->closed = false;
}

bool queue_push(struct queue *queue, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&queue->lock);
    bool open = !queue->closed;
    if (open && queue->first == NULL)
        queue->first = job;
    else if (open)
        queue->last->next = job;
    if (open)
        queue->last = job;
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_signal(&queue->filled);
    return open;
}

struct job *queue_take(struct queue *queue, int max)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->lock);
    struct job *taken = queue->first;
    struct job *last = taken;
    for (int i = 1; last != NULL && i < max && last->next != NULL; i++)
        last = last->next;
    if (last != NULL) {
        queue->first = last->next;
        last->next = NULL;
    }
    pthread_mutex_unlock(&queue->lock);
    return taken;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_broadcast(&queue->filled);
}
