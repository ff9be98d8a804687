using System.Net;

namespace Broker.Node.Configuration;

/// <summary>Addresses that belong together, in CIDR notation; one address by itself too.</summary>
internal static class AddressRange
{
    /// <summary>False where bits behind the prefix are set too: then one of the two is not what was meant.</summary>
    public static bool TryParse(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }

        if (slash < 0)
        {
            range = new IPNetwork(address, 8 * address.GetAddressBytes().Length);
            return true;
        }

        return IPNetwork.TryParse(text, out range) && range.BaseAddress.Equals(address);
    }
}
