using System.Net;
using Broker.Actors.Hosting;
using Broker.Protocol.Transport.Limits;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Connections.Bans;

/// <summary>
/// Who is turned away for a time. Failed authentications count for the address, not for the client id or the user name: with those, anybody could lock out
/// somebody else. Connects count for the client id once the client is authenticated. Any thread.
/// </summary>
internal sealed class ConnectionBans
{
    private readonly BanOptions _options;
    private readonly ILogger _logger;
    private readonly BanList<AddressKey>? _addresses;
    private readonly BanList<string>? _clientIds;

    private ConnectionBans(BanOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _addresses = options.BadLogins > 0 ? new BanList<AddressKey>(options.BadLogins, options.Window, options.Duration, time) : null;
        _clientIds = options.Connects > 0 ? new BanList<string>(options.Connects, options.Window, options.Duration, time) : null;
    }

    /// <summary>Null where nobody is ever banned.</summary>
    public static ConnectionBans? For(BanOptions options, ILogger logger, TimeProvider time) =>
        options.BadLogins > 0 || options.Connects > 0 ? new ConnectionBans(options, logger, time) : null;

    /// <summary>Bans that have begun for this reason since the node started.</summary>
    public long Given(BanReason reason) => reason == BanReason.BadLogins ? _addresses?.Given ?? 0 : _clientIds?.Given ?? 0;

    /// <summary>Those of them that are in force.</summary>
    public int CountInForce(BanReason reason) => reason == BanReason.BadLogins ? _addresses?.CountInForce() ?? 0 : _clientIds?.CountInForce() ?? 0;

    /// <summary>Why the client is turned away; null: it is not.</summary>
    public string? Problem(EndPoint address, string clientId)
    {
        if (_addresses is not null && AddressKey.Of(address) is { } key && _addresses.Has(key))
        {
            return "too many failed authentications from its address (mqtt.bans.bad-logins)";
        }

        return _clientIds?.Has(clientId) == true ? "the client id connects too often (mqtt.bans.connects)" : null;
    }

    /// <summary>A client could not prove who it is.</summary>
    public void OnBadLogin(EndPoint address)
    {
        if (_addresses is not null && AddressKey.Of(address) is { } key && _addresses.Add(key))
        {
            ConnectionLog.AddressBanned(_logger, address, _options.Duration, _options.BadLogins, _options.Window);
        }
    }

    /// <summary>A client that is known, or need not be, connects.</summary>
    public void OnConnect(EndPoint address, string clientId)
    {
        if (_clientIds?.Add(clientId) == true)
        {
            ConnectionLog.ClientIdBanned(_logger, clientId.Shortened(), address, _options.Duration, _options.Connects, _options.Window);
        }
    }
}
