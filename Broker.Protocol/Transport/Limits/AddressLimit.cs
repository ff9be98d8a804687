using System.Net;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.Limits;

/// <summary>How many connections an address has on all listeners of the node, those that have not said anything included. Any thread.</summary>
internal sealed class AddressLimit
{
    private readonly int _most;
    private readonly ILogger _logger;
    private readonly TransportRefusals _refusals;
    private readonly Lock _lock = new();
    private readonly Dictionary<object, AddressKey> _addresses = [];
    private readonly Dictionary<AddressKey, Entry> _entries = [];

    private AddressLimit(int most, ILogger logger, TransportRefusals refusals) => (_most, _logger, _refusals) = (most, logger, refusals);

    /// <summary>Null where there is no limit.</summary>
    public static AddressLimit? For(int most, ILogger logger, TransportRefusals refusals) => most > 0 ? new AddressLimit(most, logger, refusals) : null;

    /// <summary>False: the address has as many as it may, and the connection is to be closed. One line in the log for all until it has fewer.</summary>
    public bool TryEnter(object connection, EndPoint client, string listener)
    {
        if (AddressKey.Of(client) is not { } key)
        {
            return true;
        }

        bool isTold;
        lock (_lock)
        {
            Entry entry = _entries.GetValueOrDefault(key);
            if (entry.Count < _most)
            {
                _addresses[connection] = key;
                _entries[key] = new Entry(entry.Count + 1, IsTold: false);
                return true;
            }

            isTold = entry.IsTold;
            _entries[key] = entry with { IsTold = true };
        }

        _refusals.CountAddress();
        if (!isTold)
        {
            TransportLog.TooManyOfAddress(_logger, client, listener, _most);
        }

        return false;
    }

    /// <summary>No effect on one that has not entered.</summary>
    public void Leave(object connection)
    {
        lock (_lock)
        {
            if (!_addresses.Remove(connection, out AddressKey key))
            {
                return;
            }

            int left = _entries[key].Count - 1;
            if (left == 0)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = new Entry(left, IsTold: false);
            }
        }
    }

    private readonly record struct Entry(int Count, bool IsTold);
}
