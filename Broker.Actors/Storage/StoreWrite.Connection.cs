using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage;

/// <summary>
/// Connections on which something hangs, a durable session or a will: one row a client id, so that a dead node's wills and expiries are found (hard case 8).
/// </summary>
internal abstract partial class StoreWrite
{
    /// <summary>CONNECT: takes the place of an older connection of the client id.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="number">The connection's number, greater than those before it.</param>
    /// <param name="sessionExpiry">Seconds that the session outlives the connection; <see cref="uint.MaxValue"/>: for ever.</param>
    /// <param name="will">Or null.</param>
    /// <param name="willAuthor">Whose right to publish the will is looked at when it is due.</param>
    internal sealed class OpenConnection(string clientId, long number, uint sessionExpiry, WillMessage? will, ClientIdentity? willAuthor = null) : StoreWrite
    {
        public string ClientId { get; } = clientId;

        public long Number { get; } = number;

        public uint SessionExpiry { get; } = sessionExpiry;

        public WillMessage? Will { get; } = will;

        public ClientIdentity? WillAuthor { get; } = willAuthor;

        /// <inheritdoc/>
        public override int Size => SmallestSize + (Will?.Payload.Length ?? 0);
    }

    /// <summary>
    /// The connection has closed: from now, by the database's clock, its will and its session's expiry run. Ignored where a later connection has taken its place.
    /// </summary>
    internal sealed class CloseConnection(string clientId, long number, uint sessionExpiry, bool keepWill) : StoreWrite
    {
        public string ClientId { get; } = clientId;

        public long Number { get; } = number;

        public uint SessionExpiry { get; } = sessionExpiry;

        /// <summary>False: it was sent, or discarded by DISCONNECT.</summary>
        public bool KeepWill { get; } = keepWill;
    }

    /// <summary>Nothing hangs on the connection any more. Ignored where a later connection has taken its place.</summary>
    internal sealed class ForgetConnection(string clientId, long number) : StoreWrite
    {
        public string ClientId { get; } = clientId;

        public long Number { get; } = number;
    }
}
