using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Broker.Actors.Sessions;

/// <summary>
/// The mailbox of a session's entity, which gets a handful of messages when its client comes and goes: a queue with a lock, 200 bytes. Akka's own has room for 32 messages from the
/// first one on, a kilobyte for each connected client.
/// </summary>
/// <remarks>Made by Akka, by what <see cref="Hocon"/> says.</remarks>
public sealed class SessionMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<SessionMailbox.Messages>
{
    /// <summary>For <c>Props.WithMailbox</c>.</summary>
    public const string Id = "session-mailbox";

    /// <summary>Says which mailbox <see cref="Id"/> is.</summary>
    public const string Hocon = $$"""
        {{Id}}.mailbox-type = "Broker.Actors.Sessions.SessionMailbox, Broker.Actors"
        """;

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Messages();

    /// <summary>Written to by anybody, read by the entity.</summary>
    public sealed class Messages : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        /// <summary>Messages that it keeps room for once it is empty.</summary>
        private const int RoomKept = 16;

        private readonly Queue<Envelope> _queue = new();
        private int _count;

        /// <inheritdoc/>
        public bool HasMessages => Count > 0;

        /// <inheritdoc/>
        public int Count => Volatile.Read(ref _count);

        /// <inheritdoc/>
        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            lock (_queue)
            {
                _queue.Enqueue(envelope);
                Volatile.Write(ref _count, _queue.Count);
            }
        }

        /// <inheritdoc/>
        public bool TryDequeue(out Envelope envelope)
        {
            lock (_queue)
            {
                var found = _queue.TryDequeue(out envelope);
                Volatile.Write(ref _count, _queue.Count);
                if (_queue.Count == 0 && _queue.Capacity > RoomKept)
                {
                    _queue.TrimExcess();
                }

                return found;
            }
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope))
            {
                deadletters.Enqueue(owner, envelope);
            }
        }
    }
}
