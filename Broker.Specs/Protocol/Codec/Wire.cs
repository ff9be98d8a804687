using System.Globalization;
using System.Text;
using Broker.Protocol.Codec;

namespace Broker.Specs.Protocol.Codec;

/// <summary>
/// Bytes as a specification reads them: <c>82 0001</c> is hexadecimal with spaces wherever they help, <c>'abc'</c> is
/// text, and <c>&lt;abc&gt;</c> is text behind its two-byte length.
/// </summary>
internal static class Wire
{
    public static byte[] Bytes(string notation)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < notation.Length;)
        {
            switch (notation[i])
            {
                case ' ':
                    i++;
                    break;
                case '\'':
                    bytes.AddRange(Quoted(notation, ref i, '\''));
                    break;
                case '<':
                    var text = Quoted(notation, ref i, '>');
                    bytes.Add((byte)(text.Length >> 8));
                    bytes.Add((byte)text.Length);
                    bytes.AddRange(text);
                    break;
                default:
                    bytes.Add(byte.Parse(notation.AsSpan(i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A first byte, the remaining length of the body, and the body.</summary>
    public static byte[] Packet(string firstByte, string body)
    {
        var content = Bytes(body);
        var length = new byte[4];
        var lengthBytes = VariableByteInteger.Write(length, content.Length);
        return [.. Bytes(firstByte), .. length[..lengthBytes], .. content];
    }

    private static byte[] Quoted(string notation, ref int position, char end)
    {
        var close = notation.IndexOf(end, position + 1);
        var text = notation[(position + 1)..close];
        position = close + 1;
        return Encoding.UTF8.GetBytes(text);
    }
}
