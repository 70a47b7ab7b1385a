// HomeScreen.tsx - where everybody begins.
import { useEffect } from 'react';
import { go, usePlace } from '../../app/router.tsx';
import { ApplicationsScreen } from '../applications/ApplicationsScreen.tsx';

export function HomeScreen() {
  const place = usePlace();
  const moved = place.searchParams.has('view'); // an address from before the lists had their own
  useEffect(() => {
    if (moved) go(`/applications${place.search}`, 'replace');
  }, [moved, place.search]);
  return moved ? null : <ApplicationsScreen />;
}
