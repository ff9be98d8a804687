using System.Data;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>A statement for what is written rarely, with its parameters by name. A value that is missing is given as its <see cref="DbType"/>.</summary>
internal readonly record struct Statement(string Sql, params (string Name, object Value)[] Parameters)
{
    /// <summary>The bytes, or that there are none.</summary>
    public static object OrMissing(byte[]? value) => value ?? (object)DbType.Binary;

    /// <summary>The number, or that there is none.</summary>
    public static object OrMissing(long? value) => value ?? (object)DbType.Int64;
}
