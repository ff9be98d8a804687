using Broker.Actors.Security;

namespace Broker.Actors.Storage.Encoding;

/// <summary>Who a client is, as part of something larger.</summary>
internal static class IdentityCodec
{
    public static void Write(ByteWriter writer, ClientIdentity identity)
    {
        writer.WriteString(identity.ClientId);

        // No user has an empty name.
        writer.WriteString(identity.UserName ?? "");
        writer.WriteNumber(identity.Roles.Count);
        foreach (var role in identity.Roles)
        {
            writer.WriteString(role);
        }
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">This is no identity.</exception>
    public static ClientIdentity Read(ref ByteReader reader)
    {
        var (clientId, userName) = (reader.ReadString(), reader.ReadString());
        var roles = new string[reader.ReadCount()];
        for (var i = 0; i < roles.Length; i++)
        {
            roles[i] = reader.ReadString();
        }

        return new ClientIdentity(clientId, userName.Length == 0 ? null : userName, roles);
    }
}
