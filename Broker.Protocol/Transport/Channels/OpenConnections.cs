using Broker.Protocol.Transport.Limits;

namespace Broker.Protocol.Transport.Channels;

/// <summary>The connections that are open, so that a stop can close them and wait for them. Any thread.</summary>
/// <param name="addresses">How many an address may have; null: there is no limit.</param>
internal sealed class OpenConnections(AddressLimit? addresses = null)
{
    private readonly Lock _lock = new();
    private readonly HashSet<IClientChannel> _channels = [];
    private TaskCompletionSource? _empty;

    public AddressLimit? Addresses => addresses;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _channels.Count;
            }
        }
    }

    public void Add(IClientChannel channel)
    {
        lock (_lock)
        {
            _channels.Add(channel);
        }
    }

    public void Remove(IClientChannel channel)
    {
        addresses?.Leave(channel);
        lock (_lock)
        {
            if (_channels.Remove(channel) && _channels.Count == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    public IClientChannel[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _channels];
        }
    }

    /// <summary>Completes once there is none. To be called when none can be added any more.</summary>
    public Task WhenEmpty()
    {
        lock (_lock)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_channels.Count == 0)
            {
                _empty.TrySetResult();
            }

            return _empty.Task;
        }
    }
}
