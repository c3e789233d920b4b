"""RabbitMQ between the service and its workers, by Celery: names of jobs go through it, and nothing else.

The jobs table stays the truth. The relay claims jobs and publishes their names, a worker takes them over by
name. What the broker loses comes back when its lease ends; what it delivers twice is taken over once.
"""
