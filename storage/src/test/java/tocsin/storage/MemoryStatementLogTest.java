package tocsin.storage;

import com.google.protobuf.ByteString;

class MemoryStatementLogTest extends StatementLogContract {
  @Override
  StatementLog create() {
    return new MemoryStatementLog(new LogId(ByteString.copyFrom(new byte[LogId.SIZE_BYTES])));
  }

  @Override
  StatementLog crash(StatementLog log) {
    ((MemoryStatementLog) log).crash();
    return log;
  }
}
